import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { graphql } from './graphql.mjs'
import { EXAMPLE } from './workspace.mjs'

const CREATE_POST = `mutation ($input: CreatePostInput!) { CreatePost(input: $input) }`

/** So many posts, each with an id of its own, from the text in `examples/blog/posts.txt`; from its start again when it ends. */
export function readPosts(count) {
  const texts = parsePosts(readFileSync(join(EXAMPLE, 'posts.txt'), 'utf8'))
  return Array.from({ length: count ?? texts.length }, (_, i) => ({ postId: randomUUID(), ...texts[i % texts.length] }))
}

/** Posts are parted by blank lines: a line `title | author`, then the text. Lines with `#` are remarks. */
export function parsePosts(file) {
  return file
    .replace(/^#.*\n/gm, '')
    .trim()
    .split(/\n\s*\n/)
    .map((post) => {
      const [head, ...lines] = post.split('\n')
      const [title, author] = head.split('|').map((part) => part.trim())
      return { title, author, content: lines.join(' ') }
    })
}

/** Creates a post through GraphQL. Resolves when it is stored. */
export async function createPost(url, post) {
  await graphql(url, CREATE_POST, { input: post })
}

/** Creates posts, in order, so many at once. */
export async function createPosts(url, posts, { atOnce = 1 } = {}) {
  const left = posts.values()
  const worker = async () => {
    for (const post of left) await createPost(url, post)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
