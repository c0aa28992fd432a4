import { Misfit } from '../../misfit'
/** Big-endian two's complement, of any length, as a whole number. */
export function readTwosComplement(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${Buffer.from(bytes).toString('hex')}`))
}

/** A whole number in so many bytes, or in as few as it takes. Throws where they are too few. */
export function writeTwosComplement(value: bigint, size?: number): Buffer {
  const length = size ?? leastBytes(value)
  if (length === 0 || BigInt.asIntN(length * 8, value) !== value) throw new Misfit('a number does not fit')
  const hex = BigInt.asUintN(length * 8, value).toString(16)
  return Buffer.from(hex.padStart(length * 2, '0'), 'hex')
}

function leastBytes(value: bigint): number {
  const magnitude = value < 0n ? ~value : value
  return Math.floor(magnitude === 0n ? 0 : magnitude.toString(2).length / 8) + 1
}
