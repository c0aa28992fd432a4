"""The readers of the blog, over RabbitMQ.

Each post that Booster streams is viewed and liked, which they tell on routing keys of their own.
"""

import json
import os
import signal
import uuid
from datetime import datetime, timezone

import pika
from pika.adapters.blocking_connection import BlockingChannel

URL = os.environ.get("RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672")
EXCHANGE = os.environ.get("RABBITMQ_EXCHANGE", "streamers")
QUEUE = os.environ.get("RABBITMQ_QUEUE", "readers")
POSTS = os.environ.get("POSTS_KEY", "posts")
REACTIONS = os.environ.get("REACTIONS_KEY", "reactions")
VIEWS = os.environ.get("VIEWS_KEY", "views")
LIKES = os.environ.get("LIKES_KEY", "likes")

SECONDS_FOR_A_WORD = 0.25


def main() -> None:
    running = True

    def stop(*_: object) -> None:
        nonlocal running
        running = False

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    connection = pika.BlockingConnection(pika.URLParameters(URL))
    channel = connection.channel()
    declare(channel)
    tell({"listening": [POSTS, REACTIONS]})
    try:
        for method, properties, body in channel.consume(QUEUE, inactivity_timeout=0.2):
            if not running:
                break
            if method is None:
                continue
            handle(method.routing_key, properties, body, channel)
            # By hand, when all that follows from the message is with the broker.
            channel.basic_ack(method.delivery_tag)
    finally:
        # What was fetched ahead goes back into the queue.
        connection.close()


def declare(channel: BlockingChannel) -> None:
    """A queue of the readers' own, in which there is a copy of whatever is published from now on."""
    channel.exchange_declare(EXCHANGE, exchange_type="topic", durable=True)
    channel.queue_declare(QUEUE, durable=True, arguments={"x-queue-type": "quorum"})
    for key in [POSTS, REACTIONS]:
        channel.queue_bind(QUEUE, EXCHANGE, routing_key=key)
    channel.basic_qos(prefetch_count=100)
    # From here on publishing waits until the broker has it on disk.
    channel.confirm_delivery()


def handle(key: str, properties: pika.BasicProperties, body: bytes, channel: BlockingChannel) -> None:
    """Tells of what came. A post is also reacted to."""
    attributes = attributes_of(properties)
    payload = json.loads(body)
    tell({"received": attributes.get("type", key), **attributes, "payload": payload})
    if attributes.get("type") == "PostCreated":
        view(payload, channel)
        like(attributes["id"], payload, channel)


def view(post: dict, channel: BlockingChannel) -> None:
    """Bare JSON, and nothing beside it: as a service writes that has heard of no standard."""
    seconds = len(post["content"].split()) * SECONDS_FOR_A_WORD
    body = {"postId": post["postId"], "seconds": seconds}
    publish(channel, VIEWS, body, pika.BasicProperties(delivery_mode=pika.DeliveryMode.Persistent))
    tell({"sent": "view", "to": VIEWS, "payload": body})


def like(cause: str, post: dict, channel: BlockingChannel) -> None:
    """A CloudEvent in the binary mode of the AMQP binding. Of the same cause it has the same id, so it counts once."""
    attributes = {
        "specversion": "1.0",
        "id": str(uuid.uuid5(uuid.NAMESPACE_OID, cause)),
        "source": "readers",
        "type": "PostLiked",
        "subject": post["postId"],
        "time": datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
    }
    body = {"postId": post["postId"], "reader": "ada"}
    properties = pika.BasicProperties(
        content_type="application/json",
        delivery_mode=pika.DeliveryMode.Persistent,
        headers={f"cloudEvents:{name}": value for name, value in attributes.items()},
    )
    publish(channel, LIKES, body, properties)
    tell({"sent": "PostLiked", "to": LIKES, **attributes, "payload": body})


def publish(channel: BlockingChannel, key: str, body: dict, properties: pika.BasicProperties) -> None:
    """Raises where no queue takes it: RabbitMQ would forget it in silence."""
    channel.basic_publish(EXCHANGE, key, json.dumps(body).encode(), properties, mandatory=True)


def attributes_of(properties: pika.BasicProperties) -> dict[str, str]:
    """The CloudEvents attributes of a message, written with a colon or an underscore; none where its producer writes none."""
    headers = properties.headers or {}
    prefixes = ("cloudEvents:", "cloudEvents_")
    return {name[len(prefixes[0]) :]: value for name, value in headers.items() if name.startswith(prefixes)}


def tell(line: dict) -> None:
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
