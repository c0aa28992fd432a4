"""Confluent's own clients: standard input has bodies of the codecs by topic; answers what they say, and bodies that these clients wrote.

    clients.py <url of the registry>
"""

import json
import sys

from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.json_schema import JSONDeserializer, JSONSerializer
from confluent_kafka.schema_registry.protobuf import ProtobufDeserializer, ProtobufSerializer
from confluent_kafka.serialization import MessageField, SerializationContext
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory, timestamp_pb2

given = json.load(sys.stdin)
client = SchemaRegistryClient({"url": sys.argv[1]})
NEWEST = {"auto.register.schemas": False, "use.latest.version": True}


def context(topic):
    return SerializationContext(topic, MessageField.VALUE)


def json_clients(topic, body, schema, value):
    said = JSONDeserializer(schema, schema_registry_client=client)(bytes.fromhex(body), context(topic))
    written = JSONSerializer(schema, client, conf=NEWEST)(value, context(topic))
    return {"said": said, "body": written.hex()}


def message_class():
    """message Ignored {}  message Paid { message To { string name = 1; } int64 cents = 1; To to = 2; repeated int32 shares = 3;
    google.protobuf.Timestamp at = 4; }, made without any parser."""
    field = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="paid.proto", package="com.bank", syntax="proto3")
    file.dependency.append("google/protobuf/timestamp.proto")
    file.message_type.add(name="Ignored")
    paid = file.message_type.add(name="Paid")
    paid.nested_type.add(name="To").field.add(name="name", number=1, type=field.TYPE_STRING, label=field.LABEL_OPTIONAL)
    paid.field.add(name="cents", number=1, type=field.TYPE_INT64, label=field.LABEL_OPTIONAL)
    paid.field.add(name="to", number=2, type=field.TYPE_MESSAGE, type_name=".com.bank.Paid.To", label=field.LABEL_OPTIONAL)
    paid.field.add(name="shares", number=3, type=field.TYPE_INT32, label=field.LABEL_REPEATED)
    paid.field.add(
        name="at", number=4, type=field.TYPE_MESSAGE, type_name=".google.protobuf.Timestamp", label=field.LABEL_OPTIONAL
    )
    pool = descriptor_pool.DescriptorPool()
    known = descriptor_pb2.FileDescriptorProto()
    timestamp_pb2.DESCRIPTOR.CopyToProto(known)
    pool.Add(known)
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("com.bank.Paid"))


def protobuf_clients(topic, body, value):
    Paid = message_class()
    read = ProtobufDeserializer(Paid, conf={"use.deprecated.format": False})
    said = json_format.MessageToDict(read(bytes.fromhex(body), context(topic)))
    # It registers the file's descriptor instead of its text.
    write = ProtobufSerializer(Paid, client, conf={"use.deprecated.format": False, "skip.known.types": True})
    written = write(json_format.ParseDict(value, Paid()), context("theirs-" + topic))
    return {"said": said, "body": written.hex()}


json.dump(
    {"json": json_clients(**given["json"]), "protobuf": protobuf_clients(**given["protobuf"])},
    sys.stdout,
)
