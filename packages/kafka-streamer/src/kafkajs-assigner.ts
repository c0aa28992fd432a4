import { AssignerProtocol } from 'kafkajs'
import type { Assigner, Cluster, GroupMember, PartitionAssigner } from 'kafkajs'
import { assign } from './assignment'
import type { Member } from './assignment'

const { MemberMetadata, MemberAssignment } = AssignerProtocol
const NAME = 'booster-streamers'
const VERSION = 1

/**
 * The assigners of kafkajs take it that every member reads what the leader reads. In ours each member tells what it reads, how many
 * partitions that has, and what it had: the leader need not know, nor have any right to, the topics of others.
 */
export function assigner(owned: () => Record<string, readonly number[]>): PartitionAssigner {
  return ({ cluster }: { cluster: Cluster }): Assigner => ({
    name: NAME,
    version: VERSION,
    assign: async ({ members }) =>
      [...assign(members.map(memberFrom))].map(([memberId, assignment]) => ({
        memberId,
        memberAssignment: MemberAssignment.encode({ version: VERSION, assignment, userData: Buffer.alloc(0) }),
      })),
    protocol: ({ topics }) => {
      const counts = topics.map((topic): [string, number] => [topic, cluster.findTopicPartitionMetadata(topic).length])
      const userData = Buffer.from(JSON.stringify({ topics: Object.fromEntries(counts), owned: owned() }))
      return { name: NAME, metadata: MemberMetadata.encode({ version: VERSION, topics, userData }) }
    },
  })
}

function memberFrom({ memberId, memberMetadata }: GroupMember): Member {
  const { userData } = MemberMetadata.decode(memberMetadata) ?? {}
  const told = JSON.parse((userData ?? Buffer.alloc(0)).toString('utf8')) as Pick<Member, 'topics' | 'owned'>
  return { id: memberId, topics: told.topics, owned: told.owned }
}
