import type { MetricName } from '@boostercloud/streamers/runtime'

/** What Prometheus calls a metric. */
export type Naming = (name: MetricName) => string

/** An alert, and where the runbook says what to do. */
interface Alert {
  readonly name: string
  /** PromQL. */
  readonly expr: string
  /** How long it holds before somebody is called, in Prometheus' words. */
  readonly for: string
  readonly severity: 'critical' | 'warning'
  /** May name labels, as `{{ $labels.address }}`. */
  readonly summary: string
  /** The section of the runbook. */
  readonly section: string
}

const RUNBOOK = 'https://github.com/boostercloud/booster-streamers/blob/main/docs/how-to/runbook.md'
const LINK = '{{ $labels.handler }} at {{ $labels.address }}'

/** A counter has grown in ten minutes. One that was not there before has grown from nothing, which `increase` does not see. */
function grown(counter: string): string {
  return `increase(${counter}[10m]) > 0 or (${counter} unless ${counter} offset 10m) > 0`
}

/** The alerts of the runbook, in its order. */
function alerts(named: Naming): Alert[] {
  return [
    {
      name: 'StreamersUnhealthy',
      expr: `${named('healthy')} == 0`,
      for: '5m',
      severity: 'critical',
      summary: 'Streaming in {{ $labels.instance }} is unhealthy. /health says what.',
      section: 'the-service-is-unhealthy',
    },
    {
      name: 'StreamersEventsWaitForBroker',
      expr: `${named('pending.age')} > 300`,
      for: '1m',
      severity: 'critical',
      summary: 'Events for {{ $labels.address }} have not reached their broker for five minutes.',
      section: 'events-wait-for-their-broker',
    },
    {
      name: 'StreamersLinkMakesNoProgress',
      expr: `${named('unsettled.age')} > 300`,
      for: '1m',
      severity: 'critical',
      summary: `${LINK} has not settled an event for five minutes.`,
      section: 'a-link-makes-no-progress',
    },
    {
      name: 'StreamersHandlerDoesNotEnd',
      expr: `${named('running.age')} > 300`,
      for: '1m',
      severity: 'warning',
      summary: `${LINK} has been running for five minutes.`,
      section: 'a-handler-hangs',
    },
    {
      name: 'StreamersEventEndsProcess',
      expr: `${named('unended_starts')} > 0`,
      for: '0m',
      severity: 'critical',
      summary: `A process has ended while ${LINK} ran.`,
      section: 'an-event-crashes-the-process',
    },
    {
      name: 'StreamersDeadLetters',
      expr: grown(named('dead')),
      for: '0m',
      severity: 'warning',
      summary: `${LINK} has given up on an event.`,
      section: 'dead-letters',
    },
    {
      name: 'StreamersHandlersRetry',
      expr: `rate(${named('retried')}[10m]) > 0.1`,
      for: '5m',
      severity: 'warning',
      summary: `${LINK} fails again and again.`,
      section: 'handlers-are-retried-repeatedly',
    },
    {
      name: 'StreamersEventsRefused',
      expr: grown(named('refused')),
      for: '0m',
      severity: 'warning',
      summary: 'The streamer of {{ $labels.address }} refuses an event for good.',
      section: 'the-streamer-refuses-events',
    },
  ]
}

/** The alerts as a file of rules (https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/). */
export function alertRules(named: Naming): string {
  const rules = alerts(named).map(
    ({ name, expr, for: lasts, severity, summary, section }) => `      - alert: ${name}
        expr: ${JSON.stringify(expr)}
        for: ${lasts}
        labels:
          severity: ${severity}
        annotations:
          summary: ${JSON.stringify(summary)}
          runbook_url: ${RUNBOOK}#${section}`
  )
  return `# Written by boost-streamers monitoring.
groups:
  - name: booster-streamers
    rules:
${rules.join('\n')}
`
}
