import { fuzz } from './run'

async function main(messages: number, seed: number): Promise<void> {
  const { summary, failures } = await fuzz({ messages, seed, onProgress: (line) => console.log(line) })
  console.log(summary)
  process.exitCode = failures.length === 0 ? 0 : 1
}

void main(Number(process.argv[2]), Number(process.argv[3]))
