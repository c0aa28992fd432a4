/** What each service listens to; the readers make their queue before they say that they listen. */
const TOPICS: Readonly<Record<string, string[]>> = {
  newsletter: ['posts'],
  audit: ['posts', 'newsletter'],
  reactions: ['reviews', 'views', 'likes'],
}

/**
 * Makes the queues of some services on a RabbitMQ, as each does for itself when it begins to listen. RabbitMQ forgets what no queue takes,
 * so they must be there before the first post.
 */
export async function makeQueues({ url }: { readonly url: string }, services: readonly string[]): Promise<void> {
  const { RabbitMQStreamer } = await import('@boostercloud/rabbitmq-streamer')
  for (const service of services.filter((name) => name in TOPICS)) {
    const streamer = RabbitMQStreamer.with({ url, queue: `${service}-rabbitmq` })
    try {
      await streamer.provision(TOPICS[service])
    } finally {
      await streamer.close()
    }
  }
}
