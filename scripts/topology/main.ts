import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT } from '../lib/run'
import { drawPictures } from './pictures'

async function main(): Promise<void> {
  for (const { path, text } of await drawPictures()) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true })
    writeFileSync(join(ROOT, path), text)
    console.log(path)
  }
}

void main()
