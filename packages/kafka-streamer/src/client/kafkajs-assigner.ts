import { AssignerProtocol } from 'kafkajs'
import type { Assigner, Cluster, GroupDescription, GroupMember, PartitionAssigner } from 'kafkajs'
import { assign } from './assignment'
import type { Member } from './assignment'

const { MemberMetadata, MemberAssignment } = AssignerProtocol
const NAME = 'booster-streamers'
const VERSION = 1

/**
 * The assigners of kafkajs take it that every member reads what the leader reads. In ours each member tells what it reads, how many
 * partitions that has, and what it had: the leader need not know, nor have any right to, the topics of others.
 */
export function assigner(told: () => Pick<Member, 'owned' | 'owner'>): PartitionAssigner {
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
      const userData = Buffer.from(JSON.stringify({ topics: Object.fromEntries(counts), ...told() }))
      return { name: NAME, metadata: MemberMetadata.encode({ version: VERSION, topics, userData }) }
    },
  })
}

/** The members of a group as the brokers describe it; undefined while the group changes, when they say of no consumer what it reads. */
export function membersOf({ state, protocol, members }: GroupDescription): Member[] | undefined {
  if (state === 'PreparingRebalance' || state === 'CompletingRebalance') return undefined
  return protocol === NAME ? members.map(memberFrom) : []
}

function memberFrom({ memberId, memberMetadata }: GroupMember): Member {
  const { userData } = MemberMetadata.decode(memberMetadata) ?? {}
  const told = JSON.parse((userData ?? Buffer.alloc(0)).toString('utf8')) as Omit<Member, 'id'>
  return { id: memberId, topics: told.topics, owned: told.owned, owner: told.owner }
}
