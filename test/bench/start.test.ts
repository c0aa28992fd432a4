import { expect } from 'chai'
import { landmarkIn } from '../../bench/scenarios/start'

const SAID = `
> start
> node scripts/run.mjs start --once --posts 1

✓ build                                                      3.1 s
✓ build examples/blog, examples/bridge, examples/aws         4.9 s

Services
  blog        http://127.0.0.1:30534/graphql

1 posts
  blog → main/posts → digest              112 ms   Pride and Prejudice
  blog → main/posts → newsletter          142 ms   Pride and Prejudice

Summary
                                            posts     once     lost  doubled   median      max
`

describe('the time from npm start to the first event', () => {
  it('is taken where the output says so, in this order', () => {
    const landmarks = SAID.split('\n').flatMap((line) => landmarkIn(line) ?? [])
    expect(landmarks).to.deep.equal(['built', 'answering', 'event', 'event'])
  })
})
