"""What a request of the simulator's trace is called in a picture."""
import dataclasses
import re

LOOKS = {"GETATTR": "look", "READDIR": "list", "READ": "read", "SETATTR": "touch"}


@dataclasses.dataclass
class Said:
    text: str
    reply: str
    changes: bool
    refused: bool


class Words:
    """names: of the processes, which are alone on the hosts h0, h1, ...; numbers: the fencing tokens of the scene."""

    def __init__(self, names, numbers):
        self.names, self.begin = names, None
        self.numbers = {number: count for count, number in enumerate(sorted(numbers), 1)}

    def who_is(self, host):
        return self.names[int(host[1:])][0]

    def number(self, number):
        """Fencing tokens have sixteen digits; in a picture they are counted."""
        return f"#{self.numbers[number]}"

    def time(self, milliseconds):
        """Seconds since the first lease of the picture began."""
        return f"{(int(milliseconds) - self.begin) / 1000:.0f} s"

    def baton(self, name):
        parts = name.split("|")
        if parts[3] == "f":
            return f"{self.number(parts[2])} free"
        if self.begin is None:
            self.begin = int(parts[4]) - int(parts[6])
        flag = ", flagged" if parts[-1].startswith("w") else ""
        return f"{self.number(parts[2])} {self.who_is(parts[7])}'s until {self.time(parts[4])}{flag}"

    def file(self, name):
        parts = name.split("|")
        if name.startswith("b|"):
            return self.baton(name)
        if name.startswith("q|"):
            return f"ticket of {self.who_is(parts[3])}"
        if len(parts) > 2 and re.fullmatch(r"h\d", parts[1]):
            return f"claim of {self.who_is(parts[1])}"
        return "the lock file" if name == "job" else name

    def renamed(self, old, new):
        if old.startswith("b|") and new.startswith("b|"):
            return f"{self.baton(old)} → {self.baton(new)}"
        return f"{self.file(old)} → {self.file(new)}"

    @staticmethod
    def changes(request):
        return request.partition(" ")[0] not in (*LOOKS, "LOOKUP")

    def request(self, request, error):
        kind, _, rest = request.partition(" ")
        names = rest.split(" -> ")
        refused = error in ("ENOENT", "EEXIST")
        if not self.changes(request):
            return Said(LOOKS.get(kind, "look"), "", False, False)
        if kind == "RENAME":
            text = self.renamed(*names)
        elif kind in ("MKDIR", "CREATE", "LINK"):
            text = f"{'link' if kind == 'LINK' else 'make'} {self.file(names[0])}"
        elif kind in ("RMDIR", "REMOVE"):
            text = f"remove {self.file(names[0])}"
        else:
            text = "write the claim"
        return Said(text, error if refused else "done", True, refused)
