import { memoryFiles } from '@landfall/compose'
import { expect, test } from 'vitest'
import { readOnce } from './read-once.ts'
import { readTree } from './tree.ts'

/** A file system that counts what is read from it. */
function counted(files: Record<string, string>) {
  const read: string[] = []
  const memory = memoryFiles(files)
  const readCounted = (path: string) => {
    read.push(path)
    return memory.read(path)
  }
  return { read, files: { ...memory, read: readCounted } }
}

const most = { bytes: 10, entries: 5 }

test('nothing of a tree that is too large is read', () => {
  const { files, read } = counted({ '/p/a/1': '123456', '/p/a/2': '123456', '/p/b': 'x' })
  expect(readTree(files, '/p', most)).toMatchObject({ tooLarge: true, files: [] })
  expect(read).toEqual([])
})

test('entries count as bytes do', () => {
  const names = ['1', '2', '3', '4', '5']
  const { files } = counted(Object.fromEntries(names.map((name) => [`/p/${name}`, ''])))
  expect(readTree(files, '/p', most).tooLarge).toBe(true)
  expect(readTree(files, '/p', { ...most, entries: 6 }).tooLarge).toBe(false)
})

test('a file below several mounts is read once', () => {
  const { files, read } = counted({ '/p/a/1': '123', '/p/b': 'x' })
  const once = readOnce(files)
  const whole = readTree(once, '/p', most)
  const part = readTree(once, '/p/a', most)
  const file = readTree(once, '/p/a/1', most)
  expect(whole.files.map(({ path }) => path)).toEqual(['a/1', 'b'])
  expect(part.files[0]?.bytes).toBe(whole.files[0]?.bytes)
  expect(file.files.map(({ path }) => path)).toEqual([''])
  expect(read).toEqual(['/p/a/1', '/p/b'])
})
