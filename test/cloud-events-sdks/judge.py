"""Reads and writes messages with the official SDK for Python. A line of standard input is a list of questions, and is answered by a line with a list."""

import json
import sys
from datetime import datetime

from cloudevents.core.bindings import amqp, http, kafka, rabbitmq
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v03.event import CloudEvent as CloudEvent03
from cloudevents.core.v1.event import CloudEvent
from dateutil.parser import isoparse

FORMAT = JSONFormat()


def event_of(told):
    attributes, data = dict(told["attributes"]), told.get("data")
    if "time" in attributes:
        attributes["time"] = isoparse(attributes["time"])
    if isinstance(data, dict) and "bytes" in data:
        data = bytes.fromhex(data["bytes"])
    factory = CloudEvent03 if attributes["specversion"] == "0.3" else CloudEvent
    return factory(attributes, data)


def told(event):
    attributes = {name: value for name, value in event.get_attributes().items() if value is not None}
    for name, value in attributes.items():
        if isinstance(value, datetime):
            attributes[name] = value.isoformat()
    data = event.get_data()
    return {"attributes": attributes, "data": {"bytes": data.hex()} if isinstance(data, bytes) else data}


def write(binding, mode, event):
    if binding == "kafka":
        message = kafka.to_binary(event, FORMAT) if mode == "binary" else kafka.to_structured(event, FORMAT)
        headers = {name: value.decode() for name, value in message.headers.items()}
        return {"headers": headers, "key": message.key, "body": message.value.hex()}
    if binding == "amqp":
        message = amqp.to_binary(event, FORMAT) if mode == "binary" else amqp.to_structured(event, FORMAT)
        content_type = message.properties.get("content-type")
        return {"headers": message.application_properties, "contentType": content_type, "body": message.application_data.hex()}
    if binding == "rabbitmq":
        message = rabbitmq.to_binary(event, FORMAT) if mode == "binary" else rabbitmq.to_structured(event, FORMAT)
        return {"headers": message.headers, "contentType": message.content_type, "body": message.body.hex()}
    message = http.to_binary(event, FORMAT) if mode == "binary" else http.to_structured(event, FORMAT)
    return {"headers": message.headers, "body": message.body.hex()}


def read(binding, message):
    headers, body = message["headers"], bytes.fromhex(message["body"])
    if binding == "kafka":
        headers = {name: value.encode() for name, value in headers.items()}
        return kafka.from_kafka(kafka.KafkaMessage(headers=headers, key=message.get("key"), value=body), FORMAT, CloudEvent)
    if binding == "amqp":
        properties = {"content-type": message["contentType"]} if message.get("contentType") else {}
        given = amqp.AMQPMessage(properties=properties, application_properties=headers, application_data=body)
        return amqp.from_amqp(given, FORMAT, CloudEvent)
    return http.from_http(http.HTTPMessage(headers=headers, body=body), FORMAT)


def answer(question):
    try:
        if "event" in question:
            return write(question["binding"], question["mode"], event_of(question["event"]))
        return told(read(question["binding"], question["message"]))
    except Exception as error:
        return {"error": type(error).__name__ + ": " + str(error)[:300]}


for line in sys.stdin:
    print(json.dumps([answer(question) for question in json.loads(line)]), flush=True)
