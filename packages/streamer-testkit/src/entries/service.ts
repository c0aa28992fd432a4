export { StreamedService } from '../streamed-service'
export type { EventLake, EventName, LoadOptions } from '../streamed-service'
