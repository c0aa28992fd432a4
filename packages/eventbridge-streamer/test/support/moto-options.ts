import type { EventBridgeStreamerOptions } from '../../src'

/** What a streamer needs for an emulator that takes any credentials. */
export function motoOptions(endpoint: string): EventBridgeStreamerOptions {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  return { endpoint, credentials, region: 'eu-west-1', eventBus: 'streamers', visibilitySeconds: 3 }
}
