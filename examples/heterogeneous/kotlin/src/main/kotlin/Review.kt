package com.example.moderation

import java.time.Instant
import org.apache.avro.Schema
import org.apache.avro.generic.GenericData
import org.apache.avro.generic.GenericRecord
import org.apache.avro.generic.GenericRecordBuilder

private const val ENOUGH_WORDS = 5

private val schema: Schema =
    object {}.javaClass.getResourceAsStream("/PostReviewed.avsc").use { Schema.Parser().parse(it) }

/** What moderation thinks of a post. */
fun reviewOf(postId: String, content: String): GenericRecord {
    val words = content.split(Regex("\\s+")).count { it.isNotEmpty() }
    val verdict = if (words < ENOUGH_WORDS) "TOO_SHORT" else "ACCEPTED"
    return GenericRecordBuilder(schema)
        .set("postId", postId)
        .set("verdict", GenericData.EnumSymbol(schema.getField("verdict").schema(), verdict))
        .set("words", words)
        .set("reviewedAt", Instant.now().toEpochMilli())
        .build()
}
