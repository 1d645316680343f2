import { expect, test } from 'vitest'
import { withoutCredentials } from './credentials.ts'

test.each([
  ['waits for http://me:secret@db:8080/ready', 'waits for http://***@db:8080/ready'],
  ['redis://:secret@cache and amqp://me@queue', 'redis://***@cache and amqp://***@queue'],
  ['jdbc:postgresql://me:s%40cret@db/shop', 'jdbc:postgresql://***@db/shop'],
  ['http://db:8080/mail?to=me@example.com', 'http://db:8080/mail?to=me@example.com'],
  ['me@example.com', 'me@example.com'],
  ['connecting with password=hop-hop', 'connecting with password=***'],
])('%s', (text, expected) => {
  expect(withoutCredentials(text)).toBe(expected)
})
