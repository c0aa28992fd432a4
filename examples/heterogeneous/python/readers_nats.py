"""The readers of the blog, over NATS.

Each post that Booster streams is viewed and liked, which they tell on subjects of their own.
"""

import asyncio
import json
import os
import signal
import uuid
from datetime import datetime, timezone
from urllib.parse import quote, unquote

import nats
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import ConsumerConfig
from nats.js.errors import NotFoundError

URL = os.environ.get("NATS_URL", "nats://127.0.0.1:4222")
STREAM = os.environ.get("NATS_STREAM", "streamers")
DURABLE = os.environ.get("NATS_DURABLE", "readers")
POSTS = os.environ.get("POSTS_SUBJECT", f"{STREAM}.posts")
REACTIONS = os.environ.get("REACTIONS_SUBJECT", f"{STREAM}.reactions")
VIEWS = os.environ.get("VIEWS_SUBJECT", f"{STREAM}.views")
LIKES = os.environ.get("LIKES_SUBJECT", f"{STREAM}.likes")

SECONDS_FOR_A_WORD = 0.25
# How soon somebody else is given what a killed one was handling.
ACK_WAIT_SECONDS = 5


async def main() -> None:
    running = True

    def stop(*_: object) -> None:
        nonlocal running
        running = False

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    connection = await nats.connect(URL, max_reconnect_attempts=-1)
    stream = connection.jetstream()
    try:
        while running and not await exists(stream):
            await asyncio.sleep(0.2)
        consumer = await listen(stream) if running else None
        while running:
            for message in await next_messages(consumer):
                await handle(message, stream)
                # By hand, when all that follows from the message is in the stream.
                await message.ack_sync()
    finally:
        await connection.close()


async def exists(stream: JetStreamContext) -> bool:
    """Whether there is the stream, which the first service that publishes makes."""
    try:
        await stream.stream_info(STREAM)
        return True
    except NotFoundError:
        return False


async def listen(stream: JetStreamContext) -> JetStreamContext.PullSubscription:
    """The readers' place in the stream, which the server keeps. It begins with what was published before them."""
    config = ConsumerConfig(filter_subjects=[POSTS, REACTIONS], ack_wait=ACK_WAIT_SECONDS)
    consumer = await stream.pull_subscribe("", durable=DURABLE, stream=STREAM, config=config)
    tell({"listening": [POSTS, REACTIONS]})
    return consumer


async def next_messages(consumer: JetStreamContext.PullSubscription) -> list[Msg]:
    """What there is, as soon as there is something."""
    try:
        return await consumer.fetch(batch=100, timeout=0.5)
    except asyncio.TimeoutError:
        return []


async def handle(message: Msg, stream: JetStreamContext) -> None:
    """Tells of what came. A post is also reacted to."""
    attributes = attributes_of(message)
    payload = json.loads(message.data)
    tell({"received": attributes.get("type", message.subject), **attributes, "payload": payload})
    if attributes.get("type") == "PostCreated":
        await view(payload, stream)
        await like(attributes["id"], payload, stream)


async def view(post: dict, stream: JetStreamContext) -> None:
    """Bare JSON, and nothing beside it: as a service writes that has heard of no standard."""
    seconds = len(post["content"].split()) * SECONDS_FOR_A_WORD
    body = {"postId": post["postId"], "seconds": seconds}
    await stream.publish(VIEWS, json.dumps(body).encode(), stream=STREAM)
    tell({"sent": "view", "to": VIEWS, "payload": body})


async def like(cause: str, post: dict, stream: JetStreamContext) -> None:
    """A CloudEvent in the binary mode of the NATS binding. Of the same cause it has the same id, so it counts once."""
    attributes = {
        "specversion": "1.0",
        "id": str(uuid.uuid5(uuid.NAMESPACE_OID, cause)),
        "source": "readers",
        "type": "PostLiked",
        "subject": post["postId"],
        "time": datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
        "datacontenttype": "application/json",
    }
    body = {"postId": post["postId"], "reader": "ada"}
    headers = {f"ce-{name}": quote(value, safe="/:+") for name, value in attributes.items()}
    await stream.publish(LIKES, json.dumps(body).encode(), stream=STREAM, headers=headers)
    tell({"sent": "PostLiked", "to": LIKES, **attributes, "payload": body})


def attributes_of(message: Msg) -> dict[str, str]:
    """The CloudEvents attributes of a message, which are percent-encoded; none where its producer writes none."""
    headers = message.headers or {}
    return {name[len("ce-") :]: unquote(value) for name, value in headers.items() if name.startswith("ce-")}


def tell(line: dict) -> None:
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
