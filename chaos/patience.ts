/** Who sends commands: whether it has nothing left to send. */
export interface Sending {
  readonly isDone: boolean
}

/** Milliseconds without what is waited for, after all commands were sent, that are enough. */
const GIVE_UP_MS = 20_000

/** Whether something happens while the client sends, or not long after. */
export async function happensInTime(happens: Promise<unknown>, client: Sending): Promise<boolean> {
  let quietSince = Date.now()
  return new Promise((resolve) => {
    const look = setInterval(() => {
      if (!client.isDone) quietSince = Date.now()
      else if (Date.now() - quietSince > GIVE_UP_MS) end(false)
    }, 100)
    const end = (happened: boolean): void => {
      clearInterval(look)
      resolve(happened)
    }
    void happens.then(() => end(true))
  })
}
