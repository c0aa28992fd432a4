import { expect } from 'chai'
import * as connector from '../src'
import {
  isAcknowledging,
  isAttachable,
  isBounded,
  isClosable,
  isCopyable,
  isDeclaring,
  isDeployable,
  isGroupOwning,
  isPartialPublishError,
  isHealthReporting,
  isLagReporting,
  isPolling,
  isPositioning,
  isProvisionable,
  isPushed,
  isRawPublishing,
  isReplayable,
  isRevoking,
  isStreamerConnector,
  isStreamerError,
} from '../src'

const method = (): Promise<void> => Promise.resolve()

const GUARDS = {
  poll: isPolling,
  transformEvents: isPushed,
  positionAt: isPositioning,
  provision: isProvisionable,
  deployedSource: isDeployable,
  attach: isAttachable,
  acknowledge: isAcknowledging,
  close: isClosable,
  read: isReplayable,
  publishRaw: isRawPublishing,
  copyFor: isCopyable,
  bounds: isBounded,
  onRevoked: isRevoking,
  health: isHealthReporting,
  lag: isLagReporting,
}

const NOT_OBJECTS = [undefined, null, 'poll', 7, true, Symbol('poll'), method]

describe('the guards of optional interfaces', () => {
  for (const [name, guard] of Object.entries(GUARDS)) {
    it(`${guard.name} looks for the method ${name}`, () => {
      expect(guard({ [name]: method })).to.equal(true)
      expect(guard(Object.create({ [name]: method }))).to.equal(true)
      for (const value of [{}, { [name]: true }, { [name]: undefined }, ...NOT_OBJECTS])
        expect(guard(value)).to.equal(false)
    })
  }

  it('are all tried here', () => {
    const others = [isDeclaring, isGroupOwning, isStreamerConnector, isStreamerError, isPartialPublishError]
    const tried = [...Object.values(GUARDS), ...others]
    const ofValues = ['isContentEncoding', 'isObject', 'isText']
    const guards = Object.keys(connector).filter((name) => name.startsWith('is') && !ofValues.includes(name))
    expect(tried.map(({ name }) => name)).to.have.members(guards)
  })

  it('isDeclaring looks for capabilities', () => {
    expect(isDeclaring({ capabilities: { durable: true } })).to.equal(true)
    for (const value of [
      {},
      { capabilities: null },
      { capabilities: 'durable' },
      { capabilities: undefined },
      ...NOT_OBJECTS,
    ]) {
      expect(isDeclaring(value)).to.equal(false)
    }
  })

  it('isGroupOwning looks for both of its methods', () => {
    expect(isGroupOwning({ ownGroup: method, leaveGroup: method })).to.equal(true)
    for (const value of [{ ownGroup: method }, { leaveGroup: method }, {}, ...NOT_OBJECTS]) {
      expect(isGroupOwning(value)).to.equal(false)
    }
  })

  it('isStreamerConnector wants publishing and one way of receiving', () => {
    expect(isStreamerConnector({ publish: method, poll: method })).to.equal(true)
    expect(isStreamerConnector({ publish: method, transformEvents: method })).to.equal(true)
    expect(isStreamerConnector({ publish: method, poll: method, transformEvents: method })).to.equal(true)
    for (const value of [{}, { publish: method }, { poll: method }, { publish: true, poll: method }, ...NOT_OBJECTS]) {
      expect(isStreamerConnector(value)).to.equal(false)
    }
  })
})
