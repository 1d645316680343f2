import { expect, test } from 'vitest'
import { convert } from '../test-conversion.ts'
import { knownSecrets } from './known.ts'

const token = `ghp_${'a1B2'.repeat(9)}`

/** What is reported of secrets of one service, which is given as YAML. */
function reported(service: string, files: Record<string, string> = {}): string[] {
  return convert(`services:\n  web:\n    image: nginx:1.22\n${service}`, { files })
    .diagnostics.filter(({ code }) => code.startsWith('convert/secret-'))
    .map(({ message, path }) => `${path} ${message}`)
}

test.each([
  [
    `    command: ["serve", "--token", "${token}"]`,
    '/services/web/command',
    'command (a GitHub token)',
  ],
  [
    '    command: ["serve", "--password", "hop-hop"]',
    '/services/web/command',
    'command (a value for password)',
  ],
  [
    '    command: redis-server --requirepass hop',
    '/services/web/command',
    'command (a value for requirepass)',
  ],
  [
    '    entrypoint: ["sh", "-c", "DB_PASSWORD=hop exec serve"]',
    '/services/web/entrypoint',
    'entrypoint (a value for DB_PASSWORD)',
  ],
  [
    '    healthcheck: { test: "mysqladmin ping -uroot -phop" }',
    '/services/web/healthcheck/test',
    'healthcheck.test (a password)',
  ],
  [
    '    healthcheck: { test: ["CMD", "curl", "-u", "me:hop", "http://localhost"] }',
    '/services/web/healthcheck/test',
    'healthcheck.test (a password)',
  ],
  [
    '    labels: { "traefik.http.middlewares.a.basicauth.users": "me:hop" }',
    '/services/web/labels/traefik.http.middlewares.a.basicauth.users',
    'labels.traefik.http.middlewares.a.basicauth.users (passwords of users)',
  ],
  [
    `    labels: { "homepage.widget.key": "${'a1B2c3D4e5F6'.repeat(2)}" }`,
    '/services/web/labels/homepage.widget.key',
    'labels.homepage.widget.key (a value for key)',
  ],
  [
    `    annotations: { a: "${token}" }`,
    '/services/web/annotations/a',
    'annotations.a (a GitHub token)',
  ],
  [
    `    post_start: [{ command: ["login", "--token", "${token}"] }]`,
    '/services/web/post_start/0',
    'post_start.0 (a GitHub token)',
  ],
  [
    '    environment: { DB_PASSWORD: hop-hop-1 }\n    command: ["serve", "hop-hop-1"]',
    '/services/web/command',
    'command (a value that is secret elsewhere)',
  ],
])('%s', (service, path, place) => {
  expect(reported(service)).toEqual([
    `${path} every user who may read pods can read a secret: ${place}`,
  ])
})

test('one line for a service', () => {
  expect(reported(`    command: ["--token", "${token}"]\n    labels: { a: "${token}" }`)).toEqual([
    '/services/web/command every user who may read pods can read a secret: command (a GitHub token), labels.a (a GitHub token)',
  ])
})

test.each([
  '    command: ["sh", "-c", "serve --password $$DB_PASSWORD"]',
  '    healthcheck: { test: "mysqladmin ping -p$$MYSQL_ROOT_PASSWORD" }',
  '    healthcheck: { test: "pg_isready -U shop -d shop" }',
  '    command: ["serve", "--token-ttl=15m", "--key", "/etc/tls.key"]',
  '    labels: { "traefik.http.routers.web.rule": "Host(`a.example.com`)", "com.example.key": "value" }',
  '    environment: { POSTGRES_PASSWORD: postgres }\n    healthcheck: { test: "pg_isready -U postgres" }',
])('%s has none', (service) => {
  expect(reported(service)).toEqual([])
})

test('arguments of builds', () => {
  const build = '    build: { context: ., args: { NPM_TOKEN: hop, VERSION: "1.2" } }'
  expect(reported(build, { '/shop/Dockerfile': 'FROM nginx' })).toEqual([
    '/services/web/build/args/NPM_TOKEN the image keeps a secret of its build: NPM_TOKEN (by its name)',
  ])
})

test('what is known as secret is no ordinary word', () => {
  const project = {
    name: 'shop',
    services: {
      db: {
        environment: {
          POSTGRES_PASSWORD: 'postgres',
          A_PASSWORD: 'db',
          B_PASSWORD: 'hop-1',
          C_PASSWORD: 'hop-hop-1',
          URL: 'postgres://a:pop-pop-1@db/x',
        },
      },
    },
  }
  expect(knownSecrets(project, undefined)).toEqual(['hop-hop-1', 'pop-pop-1'])
})
