"""A function container in the test's own process: real frames over a real unix socket, and no thought of its own."""

import asyncio
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xkit_operator.dispatcher.executors.frames import Frame, FrameDecoder, FrameType, encode

SECONDS = 20


def calls_of(frame: Frame) -> list[Frame]:
    """Each call of an `invoke` as a frame of its own; other frames as they are."""
    if frame.type != FrameType.INVOKE or not frame.payload.startswith(b"["):
        return [frame]
    calls = json.loads(frame.payload)
    return [Frame(frame.type, frame.id + index, json.dumps(call).encode()) for index, call in enumerate(calls)]


@dataclass
class Peer:
    """One connection to the dispatcher, as its other side sees it."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    progress_file: Path
    decoder: FrameDecoder = field(default_factory=FrameDecoder)
    unread: list[Frame] = field(default_factory=list)
    started: int = 0

    @classmethod
    async def connect(cls, socket: Path, hello: dict[str, Any]) -> "Peer":
        reader, writer = await asyncio.open_unix_connection(socket)
        peer = cls(reader, writer, socket.parent / f"progress-{Path(hello.get('executor', 'none')).name}")
        peer.progress(0, 0)
        peer.send(FrameType.HELLO, {"protocol": 1, **hello})
        return peer

    @classmethod
    async def host(cls, socket: Path, *, executors: int = 1) -> "Peer":
        return await cls.connect(socket, {"role": "host", "executors": executors})

    @classmethod
    async def executor(cls, socket: Path, name: str) -> "Peer":
        """An executor that has loaded its functions."""
        peer = await cls.connect(socket, {"role": "executor", "executor": name, "pid": 17, "progress": "/ignored"})
        await peer.expect(FrameType.CONFIGURE)
        peer.send(FrameType.READY, {"operations": ["upsert"]})
        return peer

    def send(self, frame_type: FrameType, payload: Any = None, request_id: int = 0) -> None:
        self.writer.write(encode(frame_type, request_id, b"" if payload is None else json.dumps(payload).encode()))

    def answer(self, request_id: int, result: Any = None) -> None:
        text = json.dumps({"outcome": "succeeded", "result": result}, separators=(",", ":"))
        self.writer.write(encode(FrameType.RESULT, request_id, text.encode()))

    def progress(self, last: int, count: int) -> None:
        """What the executor notes before it starts a call."""
        self.progress_file.write_bytes(last.to_bytes(4, "little") + count.to_bytes(4, "little"))

    async def next(self) -> Frame:
        async with asyncio.timeout(SECONDS):
            while not self.unread:
                data = await self.reader.read(2**16)
                assert data, "the dispatcher has hung up"
                self.unread += [one for frame in self.decoder.feed(data) for one in calls_of(frame)]
        return self.unread.pop(0)

    async def expect(self, frame_type: FrameType) -> Frame:
        frame = await self.next()
        assert FrameType(frame.type) is frame_type
        return frame

    async def is_hung_up_on(self) -> bool:
        async with asyncio.timeout(SECONDS):
            return await self.reader.read(1) == b""

    async def end(self) -> None:
        self.writer.close()
        await self.writer.wait_closed()

    def say_exited(self, name: str, *, reason: str, last: int, started: int, code: int | None = None) -> None:
        """What a host says when an executor has ended: by SIGKILL, unless there is a `code`."""
        how = {"code": code, "signal": "SIGKILL" if code is None else None}
        words = {"executor": name, "pid": 17, "reason": reason, "lastStarted": last, "started": started}
        self.send(FrameType.EXITED, {**how, **words})
