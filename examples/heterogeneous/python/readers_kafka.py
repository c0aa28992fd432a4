"""The readers of the blog, over Kafka.

Each post that Booster streams is viewed and liked, which they tell on topics of their own.
"""

import json
import os
import signal
import uuid
from datetime import datetime, timezone

from confluent_kafka import Consumer, KafkaException, Message, Producer

BROKERS = os.environ.get("KAFKA_BROKERS", "127.0.0.1:9092")
GROUP = os.environ.get("KAFKA_GROUP", "readers")
POSTS = os.environ.get("POSTS_TOPIC", "posts")
REACTIONS = os.environ.get("REACTIONS_TOPIC", "reactions")
VIEWS = os.environ.get("VIEWS_TOPIC", "views")
LIKES = os.environ.get("LIKES_TOPIC", "likes")

SECONDS_FOR_A_WORD = 0.25


def main() -> None:
    consumer = Consumer(
        {
            "bootstrap.servers": BROKERS,
            "group.id": GROUP,
            "auto.offset.reset": "earliest",
            # Committed by hand, when all that follows from a message is with the broker.
            "enable.auto.commit": False,
            # How soon the next one takes over what a killed one was reading.
            "session.timeout.ms": 6000,
            # How soon topics are found that are made after the start.
            "topic.metadata.refresh.interval.ms": 2000,
        }
    )
    producer = Producer({"bootstrap.servers": BROKERS, "enable.idempotence": True})
    running = True

    def stop(*_: object) -> None:
        nonlocal running
        running = False

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    consumer.subscribe([POSTS, REACTIONS])
    tell({"listening": [POSTS, REACTIONS]})
    try:
        while running:
            messages = next_messages(consumer)
            for message in messages:
                handle(message, producer)
            if messages and producer.flush(30) == 0:
                consumer.commit(asynchronous=False)
    finally:
        consumer.close()


def next_messages(consumer: Consumer) -> list[Message]:
    """What there is, as soon as there is something."""
    first = consumer.poll(0.2)
    if first is None:
        return []
    return [message for message in [first, *consumer.consume(num_messages=99, timeout=0)] if is_one(message)]


def handle(message: Message, producer: Producer) -> None:
    """Tells of what came. A post is also reacted to."""
    attributes = attributes_of(message)
    payload = json.loads(message.value())
    tell({"received": attributes.get("type", message.topic()), **attributes, "payload": payload})
    if attributes.get("type") == "PostCreated":
        view(payload, producer)
        like(attributes["id"], payload, producer)


def view(post: dict, producer: Producer) -> None:
    """Bare JSON, and nothing beside it but the key: as a service writes that has heard of no standard."""
    seconds = len(post["content"].split()) * SECONDS_FOR_A_WORD
    body = {"postId": post["postId"], "seconds": seconds}
    producer.produce(VIEWS, key=post["postId"], value=json.dumps(body), on_delivery=delivered)
    tell({"sent": "view", "to": VIEWS, "payload": body})


def like(cause: str, post: dict, producer: Producer) -> None:
    """A CloudEvent in the binary mode of the Kafka binding. Of the same cause it has the same id, so it counts once."""
    attributes = {
        "specversion": "1.0",
        "id": str(uuid.uuid5(uuid.NAMESPACE_OID, cause)),
        "source": "readers",
        "type": "PostLiked",
        "subject": post["postId"],
        "time": datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
    }
    body = {"postId": post["postId"], "reader": "ada"}
    headers = {"content-type": "application/json", **{f"ce_{name}": value for name, value in attributes.items()}}
    producer.produce(LIKES, key=post["postId"], value=json.dumps(body), headers=headers, on_delivery=delivered)
    tell({"sent": "PostLiked", "to": LIKES, **attributes, "payload": body})


def attributes_of(message: Message) -> dict[str, str]:
    """The CloudEvents attributes of a message; none where its producer writes none."""
    headers = message.headers() or []
    return {name.removeprefix("ce_"): value.decode() for name, value in headers if name.startswith("ce_") and value}


def is_one(message: Message) -> bool:
    """Whether it is a message; a topic that is not there yet is waited for."""
    if message.error() is None:
        return True
    if message.error().fatal():
        raise KafkaException(message.error())
    return False


def delivered(error: object, _: Message) -> None:
    if error is not None:
        raise KafkaException(error)


def tell(line: dict) -> None:
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
