"""Each call of a map has an argument of its own."""

from concurrent.futures import ThreadPoolExecutor


class Cell:
    def __init__(self, value):
        self.value = value


def double(cell):
    cell.value *= 2
    return cell


def main():
    cells = [Cell(1), Cell(2), Cell(3)]
    with ThreadPoolExecutor(2) as pool:
        for cell in pool.map(double, cells):
            cell.value += 1
    assert [cell.value for cell in cells] == [3, 5, 7]


if __name__ == "__main__":
    main()
