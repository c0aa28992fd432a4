import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloudevents.CloudEvent;
import io.cloudevents.SpecVersion;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.message.MessageReader;
import io.cloudevents.http.HttpMessageFactory;
import io.cloudevents.jackson.JsonCloudEventData;
import io.cloudevents.jackson.JsonFormat;
import io.cloudevents.kafka.KafkaMessageFactory;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Reads and writes messages with the official SDK for Java. A line of standard input is a list of questions, and is answered by a line with a list. */
public class Judge {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HexFormat HEX = HexFormat.of();

  public static void main(String[] args) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      ArrayNode answers = JSON.createArrayNode();
      for (JsonNode question : JSON.readTree(line)) answers.add(answer(question));
      out.println(JSON.writeValueAsString(answers));
    }
  }

  private static ObjectNode answer(JsonNode question) {
    try {
      String binding = question.get("binding").asText();
      if (!question.has("event")) return told(read(binding, question.get("message")));
      return write(binding, question.get("mode").asText().equals("binary"), eventOf(question.get("event")));
    } catch (Exception error) {
      return JSON.createObjectNode().put("error", error.toString());
    }
  }

  private static CloudEvent eventOf(JsonNode told) {
    JsonNode attributes = told.get("attributes");
    CloudEventBuilder builder = CloudEventBuilder.fromSpecVersion(SpecVersion.parse(attributes.get("specversion").asText()));
    attributes.fields().forEachRemaining(attribute -> with(builder, attribute.getKey(), attribute.getValue()));
    JsonNode data = told.get("data");
    if (data == null || data.isNull()) return builder.build();
    if (data.has("bytes")) return builder.withData(HEX.parseHex(data.get("bytes").asText())).build();
    if (data.isTextual()) return builder.withData(data.asText().getBytes(StandardCharsets.UTF_8)).build();
    return builder.withData(JsonCloudEventData.wrap(data)).build();
  }

  private static void with(CloudEventBuilder builder, String name, JsonNode value) {
    switch (name) {
      case "specversion" -> {}
      case "id" -> builder.withId(value.asText());
      case "type" -> builder.withType(value.asText());
      case "source" -> builder.withSource(URI.create(value.asText()));
      case "subject" -> builder.withSubject(value.asText());
      case "time" -> builder.withTime(OffsetDateTime.parse(value.asText()));
      case "datacontenttype" -> builder.withDataContentType(value.asText());
      case "dataschema" -> builder.withDataSchema(URI.create(value.asText()));
      default -> {
        if (value.isBoolean()) builder.withExtension(name, value.asBoolean());
        else if (value.isNumber()) builder.withExtension(name, value.asInt());
        else builder.withExtension(name, value.asText());
      }
    }
  }

  private static ObjectNode told(CloudEvent event) {
    ObjectNode told = JSON.createObjectNode();
    ObjectNode attributes = told.putObject("attributes");
    for (String name : event.getAttributeNames()) {
      Object value = event.getAttribute(name);
      if (value != null) attributes.put(name, value.toString());
    }
    for (String name : event.getExtensionNames()) attributes.put(name, String.valueOf(event.getExtension(name)));
    if (event.getData() == null) told.putNull("data");
    else told.putObject("data").put("bytes", HEX.formatHex(event.getData().toBytes()));
    return told;
  }

  private static ObjectNode write(String binding, boolean isBinary, CloudEvent event) {
    Map<String, Object> headers = new HashMap<>();
    if (binding.equals("kafka")) {
      var writer = KafkaMessageFactory.<Void>createWriter("topic", null);
      ProducerRecord<Void, byte[]> record =
          isBinary ? writer.writeBinary(event) : writer.writeStructured(event, JsonFormat.CONTENT_TYPE);
      for (Header header : record.headers()) headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
      return message(headers, record.value());
    }
    byte[][] body = new byte[1][];
    var writer = HttpMessageFactory.createWriter(headers::put, sent -> body[0] = sent);
    if (isBinary) writer.writeBinary(event);
    else writer.writeStructured(event, JsonFormat.CONTENT_TYPE);
    return message(headers, body[0]);
  }

  private static ObjectNode message(Map<String, Object> headers, byte[] body) {
    ObjectNode message = JSON.createObjectNode();
    message.set("headers", JSON.valueToTree(headers));
    return message.put("body", HEX.formatHex(body == null ? new byte[0] : body));
  }

  private static CloudEvent read(String binding, JsonNode message) {
    byte[] body = HEX.parseHex(message.get("body").asText());
    Map<String, String> headers = new HashMap<>();
    message.get("headers").fields().forEachRemaining(header -> headers.put(header.getKey(), header.getValue().asText()));
    return reader(binding, headers, body).toEvent();
  }

  private static MessageReader reader(String binding, Map<String, String> headers, byte[] body) {
    if (binding.equals("kafka")) {
      RecordHeaders all = new RecordHeaders();
      headers.forEach((name, value) -> all.add(name, value.getBytes(StandardCharsets.UTF_8)));
      return KafkaMessageFactory.createReader(all, body);
    }
    return HttpMessageFactory.createReader(headers, body);
  }
}
