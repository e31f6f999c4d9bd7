"""A pool of multiprocessing's that runs threads: each call has an item of its own."""

from multiprocessing.pool import ThreadPool


class Cell:
    def __init__(self, value):
        self.value = value


def double(cell):
    cell.value *= 2
    return cell


def main():
    cells = [Cell(1), Cell(2), Cell(3)]
    with ThreadPool(2) as pool:
        for cell in pool.map(double, cells):
            cell.value += 1
    assert [cell.value for cell in cells] == [3, 5, 7]


if __name__ == "__main__":
    main()
