"""The pins, moved and watched for a test that runs on the board: its questions come through a virtio port.

One question a line, one answer a line: "pull PANIC 1" → "done", "level SIREN" → "0" or "1", anything else → what is wrong.
"""
import contextlib
import threading

from board import LINES, connect
from peers import Failed


@contextlib.contextmanager
def at_hand(board):
    """Answers while the body runs; gives the list of all questions so far."""
    port, asked = connect(board.folder / "pins"), []
    helper = threading.Thread(target=serve, args=(board, port, asked), daemon=True)
    helper.start()
    try:
        yield asked
    finally:
        port.shutdown(2)
        helper.join()
        port.close()


def serve(board, port, asked):
    # What a board that loses its power says last is an error of the connection, and the end.
    with contextlib.suppress(OSError), port.makefile("rwb", 0) as stream:
        for line in stream:
            asked.append(line.decode().strip())
            stream.write(answer(board, asked[-1]).encode() + b"\n")


def answer(board, question):
    match question.split():
        case ["pull", name, ("0" | "1") as level] if name in LINES:
            board.pin(name, int(level))
            return "done"
        case ["level", name] if name in LINES:
            return str(board.driven(name))
    return f"no such question: {question}"
