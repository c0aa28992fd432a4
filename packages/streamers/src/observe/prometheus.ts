import type { MeterProvider } from '@opentelemetry/api'
import { StreamerError } from '@boostercloud/streamer-connector'

/** Metrics that are kept in this process until somebody reads them. */
export interface PrometheusMetrics {
  readonly meters: MeterProvider
  /** All of them, in Prometheus' text format. */
  text(): Promise<string>
  stop(): Promise<void>
}

const NEEDED = '@opentelemetry/sdk-metrics@2 @opentelemetry/exporter-prometheus@0.223'

/** Keeps metrics for Prometheus, apart from what the app itself has set up. Rejects with `PACKAGE_MISSING` where what it needs is not there. */
export async function prometheusMetrics(load = loadSdk): Promise<PrometheusMetrics> {
  const { sdk, exporter } = await load().catch((error: unknown) => {
    throw new StreamerError('PACKAGE_MISSING', '/metrics needs packages of OpenTelemetry that are not installed.', {
      at: 'config.streaming.observe.http',
      hint: `Install them: npm install ${NEEDED}`,
      cause: error,
    })
  })
  const reader = new exporter.PrometheusExporter({ preventServerStart: true })
  const serializer = new exporter.PrometheusSerializer()
  const provider = new sdk.MeterProvider({ readers: [reader] })
  return {
    meters: provider,
    text: async () => serializer.serialize((await reader.collect()).resourceMetrics),
    stop: () => provider.shutdown(),
  }
}

// eslint-disable-next-line @typescript-eslint/explicit-function-return-type -- the packages' own types, which may not be there
async function loadSdk() {
  const [sdk, exporter] = await Promise.all([
    import('@opentelemetry/sdk-metrics'),
    import('@opentelemetry/exporter-prometheus'),
  ])
  return { sdk, exporter }
}
