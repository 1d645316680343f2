import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readRoles } from './read-roles.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'landfall-roles-'))
})
afterEach(() => {
  rmSync(directory, { recursive: true })
})

const role = (image: string) =>
  `role: r\nimage: ${image}\ncontainer: { cmd: [/x] }\nsteps: [{ exit: 0 }]\n`

test('the roles of the EdgeX example are valid, one for each of its images', async () => {
  const roles = await readRoles(
    fileURLToPath(new URL('../../../../examples/edgex/stand-ins', import.meta.url)),
  )
  expect(roles).toHaveLength(16)
})

test('roles are read in the order of their names; other files are left alone', async () => {
  writeFileSync(join(directory, 'b.yaml'), role('b'))
  writeFileSync(join(directory, 'a.yml'), role('a'))
  writeFileSync(join(directory, 'notes.txt'), '')
  expect((await readRoles(directory)).map(({ role: { image } }) => image)).toEqual(['a', 'b'])
})

test('two roles cannot have one image, whichever way its name is written', async () => {
  writeFileSync(join(directory, 'a.yaml'), role('redis'))
  writeFileSync(join(directory, 'b.yaml'), role('docker.io/library/redis:latest'))
  await expect(readRoles(directory)).rejects.toThrow(
    /b\.yaml:1:1: docker\.io.* already has a role in .*a\.yaml/,
  )
})

test('a name that no image can have is reported', async () => {
  writeFileSync(join(directory, 'a.yaml'), role('Redis:7'))
  await expect(readRoles(directory)).rejects.toThrow(
    /a\.yaml:1:1: "Redis:7" is not a valid image name/,
  )
})

test('an empty or missing directory is reported', async () => {
  mkdirSync(join(directory, 'empty'))
  await expect(readRoles(join(directory, 'empty'))).rejects.toThrow(
    'no *.yaml files in the directory',
  )
  await expect(readRoles(join(directory, 'no'))).rejects.toThrow('the directory does not exist')
})
