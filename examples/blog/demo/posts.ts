import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { graphql } from '../../support/graphql'
import { EXAMPLE } from '../../support/workspace'

const CREATE_POST = `mutation ($input: CreatePostInput!) { CreatePost(input: $input) }`

/** A post, as it is created. */
export interface Post {
  readonly postId: string
  readonly title: string
  readonly author: string
  readonly content: string
}

/** So many posts, each with an id of its own, from the text in `examples/blog/posts.txt`; from its start again when it ends. */
export function readPosts(count?: number): Post[] {
  const texts = parsePosts(readFileSync(join(EXAMPLE, 'posts.txt'), 'utf8'))
  return Array.from({ length: count ?? texts.length }, (_, i) => ({ postId: randomUUID(), ...texts[i % texts.length] }))
}

/** Posts are parted by blank lines: a line `title | author`, then the text. Lines with `#` are remarks. */
function parsePosts(file: string): Omit<Post, 'postId'>[] {
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
export async function createPost(url: string, post: Post): Promise<void> {
  await graphql(url, CREATE_POST, { input: post })
}

/** Creates posts, in order, so many at once. */
export async function createPosts(
  url: string,
  posts: readonly Post[],
  { atOnce = 1 }: { readonly atOnce?: number } = {}
): Promise<void> {
  const left = posts.values()
  const worker = async (): Promise<void> => {
    for (const post of left) await createPost(url, post)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
