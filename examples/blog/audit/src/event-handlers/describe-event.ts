/** What an event of unknown form is about, in words. Trusts nothing that it has not looked at. */
export function describeEvent(event: unknown): string {
  if (!hasTitle(event)) return 'something else'
  if ('author' in event && typeof event.author === 'string') return `post '${event.title}' by ${event.author}`
  if ('recipients' in event && typeof event.recipients === 'number') {
    return `issue on '${event.title}' to ${event.recipients} subscribers`
  }
  return 'something else'
}

function hasTitle(event: unknown): event is { title: string } {
  return typeof event === 'object' && event !== null && 'title' in event && typeof event.title === 'string'
}
