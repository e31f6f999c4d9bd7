"""A tuple never changes, whoever looks into it."""

import threading


class Menu:
    def __init__(self):
        self.dishes = ("soup", "stew")

    def look(self, seen):
        if "soup" in self.dishes:
            for dish in self.dishes:
                seen.append(dish)


def main():
    menu = Menu()
    seen = ([], [])
    threads = [
        threading.Thread(target=lambda: menu.look(seen[0])),
        threading.Thread(target=lambda: menu.look(seen[1])),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen[0] == seen[1] == ["soup", "stew"]


if __name__ == "__main__":
    main()
