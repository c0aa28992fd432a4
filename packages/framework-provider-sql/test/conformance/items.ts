import type { Bench } from './bench'

/** What filters and sorts are tried on. */
const ITEMS = [
  {
    id: 'apple',
    text: 'apple',
    size: 1,
    ratio: 0.5,
    ok: true,
    note: null,
    tags: ['red', 'round'],
    marks: [1, 2],
    parts: [
      { sku: 'x1', count: 1 },
      { sku: 'x2', count: 2 },
    ],
    owner: { name: 'Ann', age: 30, address: { city: 'Arles' } },
  },
  {
    id: 'banana',
    text: 'banana (ripe)',
    size: 10,
    ratio: 1.5,
    ok: false,
    note: 'n',
    tags: ['yellow'],
    marks: [],
    parts: [],
    owner: { name: 'Bob', age: 40, address: { city: 'Bonn' } },
  },
  {
    id: 'cherry',
    text: 'a.b*c%d_e',
    size: 2,
    ratio: -1,
    ok: true,
    note: '',
    tags: ['reddish', 'long tag'],
    marks: [10],
    parts: [{ sku: 'x1', count: 9 }],
    owner: { name: `O'Hara "q"`, age: 9, address: { city: 'Caen' } },
  },
  { id: 'Date', text: 'Banana', size: 100, ratio: 100.25, ok: false },
]

/** Stores the items as read models of a type of their own; answers its name. */
export async function storedItems(bench: Bench): Promise<string> {
  const type = bench.unique('Item')
  for (const item of ITEMS) await bench.put(type, item)
  return type
}
