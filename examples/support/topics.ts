/** Makes topics on a Kafka, with the broker's own settings: who reads or writes one does not make it. */
export async function makeTopics({ url }: { readonly url: string }, topics: string[]): Promise<void> {
  const { KafkaStreamer } = await import('@boostercloud/kafka-streamer')
  const streamer = KafkaStreamer.with({ brokers: [url] })
  try {
    await streamer.provision(topics)
  } finally {
    await streamer.close()
  }
}
