package com.example.moderation

import com.fasterxml.jackson.databind.json.JsonMapper
import java.time.Duration
import org.apache.kafka.clients.consumer.ConsumerRecord
import org.apache.kafka.clients.producer.ProducerRecord
import org.apache.kafka.common.errors.WakeupException

private val json = JsonMapper()

/** Reviews each post that Booster streams, until SIGTERM. What is not committed by then comes again. */
fun main() {
    val settings = Settings.fromEnvironment()
    settings.producer().use { producer ->
        settings.consumer().use { consumer ->
            val mainThread = Thread.currentThread()
            Runtime.getRuntime().addShutdownHook(Thread { consumer.wakeup(); mainThread.join() })
            consumer.subscribe(listOf(settings.postsTopic))
            try {
                while (true) {
                    val posts = consumer.poll(Duration.ofSeconds(1)).filter { it.attribute("type") == "PostCreated" }
                    // All on their way at once; committed only when the broker has every one.
                    posts.map { producer.send(it.review(settings.reviewsTopic)) }.forEach { it.get() }
                    consumer.commitSync()
                }
            } catch (_: WakeupException) {
                // Told to end.
            }
        }
    }
}

/** Prints what came, and answers the review of it. */
private fun ConsumerRecord<String, ByteArray>.review(topic: String): ProducerRecord<String, Any> {
    val post = json.readTree(value())
    tell("received" to attribute("type"), "payload" to post, *attributes("id", "source", "subject"))
    val review = reviewOf(post["postId"].textValue(), post["content"].textValue())
    tell("sent" to review.schema.name, "to" to topic, "payload" to json.readTree(review.toString()))
    return ProducerRecord(topic, key(), review)
}

/** A CloudEvents attribute, which the binary mode of the Kafka binding has in a header. */
private fun ConsumerRecord<*, *>.attribute(name: String) = headers().lastHeader("ce_$name")?.value()?.decodeToString()

private fun ConsumerRecord<*, *>.attributes(vararg names: String) = names.map { it to attribute(it) }.toTypedArray()

/** A line of JSON on stdout. */
private fun tell(vararg members: Pair<String, Any?>) = println(json.writeValueAsString(members.toMap()))
