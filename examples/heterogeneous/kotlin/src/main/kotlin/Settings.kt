package com.example.moderation

import io.apicurio.registry.serde.Legacy4ByteIdHandler
import io.apicurio.registry.serde.SerdeConfig
import io.apicurio.registry.serde.avro.AvroKafkaSerializer
import io.apicurio.registry.serde.config.IdOption
import org.apache.kafka.clients.consumer.ConsumerConfig
import org.apache.kafka.clients.consumer.KafkaConsumer
import org.apache.kafka.clients.producer.KafkaProducer
import org.apache.kafka.clients.producer.ProducerConfig
import org.apache.kafka.common.serialization.ByteArrayDeserializer
import org.apache.kafka.common.serialization.StringDeserializer
import org.apache.kafka.common.serialization.StringSerializer

/** Where everything is: from the environment, or as on one's own machine. */
class Settings private constructor(environment: Map<String, String>) {
    private val brokers = environment["KAFKA_BROKERS"] ?: "127.0.0.1:9092"
    private val registry = environment["REGISTRY_URL"] ?: "http://127.0.0.1:8080/apis/registry/v2"
    private val group = environment["KAFKA_GROUP"] ?: "moderation"
    val postsTopic = environment["POSTS_TOPIC"] ?: "posts"
    val reviewsTopic = environment["REVIEWS_TOPIC"] ?: "reviews"

    /** Commits nothing by itself: that is done when the reviews are sent. */
    fun consumer() = KafkaConsumer<String, ByteArray>(
        mapOf(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG to brokers,
            ConsumerConfig.GROUP_ID_CONFIG to group,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG to "earliest",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG to false,
        ),
        StringDeserializer(),
        ByteArrayDeserializer(),
    )

    /** Writes Avro as Confluent's serializers do: a zero byte, the schema's id in four bytes, the record. */
    fun producer() = KafkaProducer<String, Any>(
        mapOf(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG to brokers,
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG to true,
            ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG to StringSerializer::class.java,
            ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG to AvroKafkaSerializer::class.java,
            SerdeConfig.REGISTRY_URL to registry,
            SerdeConfig.AUTO_REGISTER_ARTIFACT to true,
            // Apicurio's own way would be a header.
            SerdeConfig.ENABLE_HEADERS to false,
            SerdeConfig.ID_HANDLER to Legacy4ByteIdHandler::class.java.name,
            // The registry's Confluent-compatible API finds schemas by this id, not by Apicurio's global one.
            SerdeConfig.USE_ID to IdOption.contentId.name,
        ),
    )

    companion object {
        fun fromEnvironment() = Settings(System.getenv())
    }
}
