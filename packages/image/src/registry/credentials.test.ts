import { expect, test } from 'vitest'
import { findCredentials } from './credentials.ts'

const encode = (text: string) => Buffer.from(text).toString('base64')

const nobody = async () => undefined

test('the file names users by host, in the forms that Docker has written over the years', async () => {
  const config = JSON.stringify({
    auths: {
      'https://index.docker.io/v1/': { auth: encode('hub:se:cret') },
      'https://old.example/v2/': { username: 'old', password: 'pw' },
      'token.example:5000': { identitytoken: 'abc' },
    },
  })
  const find = (host: string) => findCredentials(config, host, nobody)
  expect(await find('docker.io')).toEqual({ username: 'hub', password: 'se:cret' })
  expect(await find('old.example')).toEqual({ username: 'old', password: 'pw' })
  expect(await find('token.example:5000')).toEqual({ identityToken: 'abc' })
  expect(await find('other.example')).toBeUndefined()
})

test('a helper of the host goes before the helper for all, and that before the file', async () => {
  const asked: string[] = []
  const helper = async (program: string, input: string) => {
    asked.push(`${program} ${input}`)
    return program.endsWith('-own')
      ? JSON.stringify({ Username: '<token>', Secret: 't' })
      : undefined
  }
  const config = JSON.stringify({
    credHelpers: { 'own.example': 'own' },
    credsStore: 'desktop',
    auths: { 'other.example': { auth: encode('a:b') } },
  })
  expect(await findCredentials(config, 'own.example', helper)).toEqual({ identityToken: 't' })
  expect(await findCredentials(config, 'other.example', helper)).toEqual({
    username: 'a',
    password: 'b',
  })
  await findCredentials(config, 'docker.io', helper)
  expect(asked).toEqual([
    'docker-credential-own own.example',
    'docker-credential-desktop other.example',
    'docker-credential-desktop https://index.docker.io/v1/',
  ])
})

test.each([
  '',
  'null',
  '[',
  '{"credsStore": "../../bin/sh"}',
  '{"auths": {"x.io": {"auth": "%"}}}',
])('a configuration like %j names nobody and runs nothing', async (config) => {
  const never = () => {
    throw new Error('was run')
  }
  expect(await findCredentials(config, 'x.io', never)).toBeUndefined()
})
