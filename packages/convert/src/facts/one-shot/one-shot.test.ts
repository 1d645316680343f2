import { describe, expect, test } from 'vitest'
import { convert } from '../../test-conversion.ts'

/** A service of a project in which two others run for ever, and what it becomes. */
function kindOf(service: string, yaml: string, others = OTHERS): string {
  const compose = `services:\n  ${service}: ${yaml}\n${others}`
  const { plan } = convert(compose)
  return plan.services.find((one) => one.service === service)?.kind ?? 'none'
}

const OTHERS = `
  app: { image: app, restart: unless-stopped, ports: ["80:80"] }
  db: { image: "postgres:16", restart: unless-stopped }
`
const NO_POLICIES = `
  app: { image: app, ports: ["80:80"] }
  db: { image: "postgres:16" }
`

describe('does its work once', () => {
  test.each([
    [
      'zammad-init',
      '{ image: app, command: [zammad-init], restart: on-failure, depends_on: [db], user: "0" }',
    ],
    [
      'migrator',
      '{ image: app, command: ./bin/docker-entrypoint-migrator.sh, deploy: { restart_policy: { condition: on-failure } } }',
    ],
    [
      'schema-migrator-sync',
      '{ image: "signoz/signoz-schema-migrator:1", command: [sync, "--dsn=tcp://db:9000"], restart: on-failure }',
    ],
    [
      'schema-migrator-async',
      '{ image: "signoz/signoz-schema-migrator:1", command: [async], restart: on-failure }',
    ],
    [
      'init-clickhouse',
      '{ image: "clickhouse/clickhouse-server:24", restart: on-failure, command: [bash, -c, "cd /tmp && wget -O h.tgz https://x && tar xf h.tgz && mv h /var/lib/"] }',
    ],
    ['seeder', '{ image: app, command: ./docker/prod/seeder, restart: on-failure }'],
    ['web-migrate', '{ image: app, command: python manage.py migrate, restart: on-failure }'],
    [
      'topics',
      `{ image: cp-kafka, entrypoint: [/bin/sh, -c], command: ["kafka-topics --bootstrap-server k:9092 --list; kafka-topics --create --topic a"], restart: "no" }`,
    ],
    ['setup', '{ image: "tools:1" }'],
    ['web-init', '{ image: "tools:1", restart: on-failure }'],
  ])('beside others that restart: %s', (service, yaml) => {
    expect(kindOf(service, yaml)).toBe('Job')
  })

  test.each([
    ['migrate', '{ image: app, command: python manage.py migrate }'],
    ['prisma', '{ image: app, command: npx prisma migrate deploy }'],
    ['schema', '{ image: app, command: alembic upgrade head, restart: "no" }'],
    [
      'createbuckets',
      '{ image: minio/mc, entrypoint: [/bin/sh, -c, "mc alias set s http://minio:9000 a b; mc mb s/data"] }',
    ],
    [
      'migrations',
      '{ image: "migrate/migrate:4", command: ["-path", /m, "-database", "postgres://db/app", up] }',
    ],
    [
      'certs',
      '{ image: app, command: [sh, -c, "openssl req -x509 -out /c/ca.crt"], healthcheck: { test: "test -f /c/ca.crt" } }',
    ],
    ['composer', '{ image: "composer:2", command: [composer, install] }'],
    ['copy', '{ image: app, command: [cp, -r, /srv/static/., /out] }'],
    ['init', '{ image: app, restart: "no" }'],
    [
      'kratos-migrate',
      '{ image: kratos, command: "-c /etc/kratos.yml migrate sql -e --yes", restart: on-failure }',
    ],
    [
      'mongo-init-replica',
      `{ image: "mongo:6", command: 'bash -c "for i in 1 2 3; do mongosh mongo/x --eval \\"rs.initiate({})\\" && s=0 && break || s=1; sleep 5; done; (exit $$s)"' }`,
    ],
    [
      'buckets',
      `{ image: mc, entrypoint: '/bin/sh -c "until (mc alias set m http://minio:9000 a b) do sleep 1; done; mc mb m/w; exit 0"' }`,
    ],
    ['frontend', `{ image: "node:20", command: "sh -c 'npm ci && npm run build'" }`],
    [
      'app-init',
      '{ image: app, entrypoint: /bin/bash, command: ["-c", "function v() { echo 1; }\\nmkdir -p /logs\\nexec /entrypoint airflow version"] }',
    ],
  ])('in a project without policies: %s', (service, yaml) => {
    expect(kindOf(service, yaml, NO_POLICIES)).toBe('Job')
  })

  test('by a script of the project', () => {
    const compose =
      'services:\n  prepare:\n    image: app\n    volumes: ["./bin:/scripts"]\n    command: [bash, /scripts/run.sh]\n'
    const files = { '/shop/bin/run.sh': '#!/bin/bash\nuntil curl -s http://db; do sleep 1; done\n' }
    expect(convert(compose, { files }).plan.services[0]?.kind).toBe('Job')
  })
})

describe('runs on, or nothing tells', () => {
  test.each([
    ['worker', '{ image: app, command: celery -A app worker, restart: on-failure }'],
    ['beat', '{ image: app, command: [celery, beat], restart: "no" }'],
    ['scheduler', '{ image: app, command: ./entry scheduler, restart: on-failure }'],
    ['consumer2', '{ image: app, command: ./run.sh, restart: on-failure }'],
    ['proxy', '{ image: "nginx:1.22", restart: on-failure }'],
    ['cache', '{ image: "redis:7", restart: "no" }'],
    ['bot', '{ image: bot, restart: on-failure }'],
    ['init-server', '{ image: app, command: ./boot, restart: on-failure }'],
    ['setup', '{ image: setup-ui, ports: ["8080:80"], restart: on-failure }'],
    ['migrate', '{ image: app, command: migrate, expose: ["80"], restart: on-failure }'],
    ['seed', '{ image: akka, restart: always }'],
    [
      'web-init',
      '{ image: app, command: [sh, -c, "python manage.py migrate && gunicorn app"], restart: on-failure }',
    ],
    ['setup-db', '{ image: "postgres:16", restart: on-failure }'],
    ['init', '{ image: app, command: sleep infinity }'],
    ['init', '{ image: app, labels: { traefik.enable: "true" }, restart: "no" }'],
    ['init', '{ image: app, healthcheck: { test: "curl localhost" }, restart: "no" }'],
    ['init', '{ image: app, deploy: { replicas: 2 }, restart: "no" }'],
    ['migrate', '{ image: app, command: ./migrate.sh, restart: unless-stopped }'],
    ['once', '{ image: app, command: [sh, -c, "work; exit 0"], ports: ["1:1"] }'],
    ['seed-nodes', '{ image: akka, command: "bin/cluster -Drole=seed", restart: on-failure }'],
    ['migrate-then-serve', '{ image: tool, command: ./migrate-then-serve.sh }'],
    [
      'connect',
      '{ image: connect, command: [bash, -c, "hub install x\\n/etc/run &\\nsleep infinity"] }',
    ],
    ['buckets', '{ image: minio/mc, entrypoint: [/bin/sh, -c, "mc mb m/w; tail -f /dev/null"] }'],
    [
      'certbot',
      '{ image: certbot, entrypoint: [/bin/sh, -c, "trap exit TERM; while :; do certbot renew; sleep 12h & wait $$!; done"] }',
    ],
    ['config-seed', '{ image: edgex/config-seed, restart: on-failure, deploy: { replicas: 2 } }'],
  ])('%s: %s', (service, yaml) => {
    expect(kindOf(service, yaml)).toBe('Deployment')
  })

  test.each([
    ['variables', '  app: { image: app, environment: { SEED_NODES: "seed,other" } }', {}],
    ['a URL', '  app: { image: app, command: [./app, "--join=http://seed/"] }', {}],
    [
      'a file',
      '  app: { image: nginx, volumes: ["./n.conf:/etc/nginx/nginx.conf"] }',
      { '/shop/n.conf': 'proxy_pass http://seed:80;' },
    ],
    [
      'a tree',
      '  app: { image: nginx, volumes: ["./c:/etc/nginx/conf.d"] }',
      { '/shop/c/n.conf': 'upstream a { server seed:80; }' },
    ],
    ['its network', '  app: { image: app, network_mode: "service:seed" }', {}],
  ])('a service that others reach by %s', (_by, other, files) => {
    const compose = `services:\n  seed: { image: akka, restart: "no" }\n${other}\n`
    const { plan } = convert(compose, { files })
    expect(plan.services.find(({ service }) => service === 'seed')?.kind).toBe('Deployment')
  })

  test('what others name without connecting to it is no server', () => {
    const compose =
      'services:\n  seed: { image: app, restart: "no" }\n  app: { image: app, environment: { JOB_NAME: seed } }\n'
    expect(convert(compose).plan.services.find(({ service }) => service === 'seed')?.kind).toBe(
      'Job',
    )
  })
})

describe('an end with exit code 0 would tell', () => {
  test.each([
    ['{ image: tool }', true],
    ['{ image: tool, restart: on-failure }', true],
    ['{ image: tool, restart: "no", command: [./go] }', true],
    ['{ image: tool, restart: always }', undefined],
    ['{ image: tool, expose: ["80"] }', undefined],
    ['{ image: tool, healthcheck: { test: "true" } }', undefined],
    ['{ image: tool, deploy: { mode: global } }', undefined],
    ['{ image: tool, network_mode: "service:app" }', undefined],
  ])('%s: %s', (yaml, mayComplete) => {
    const { plan } = convert(`services:\n  one: ${yaml}\n  app: { image: app, ports: ["80:80"] }\n`)
    expect(plan.services.find(({ service }) => service === 'one')?.mayComplete).toBe(mayComplete)
  })

  test('a service that another one connects to is no such', () => {
    const compose =
      'services:\n  one: { image: tool }\n  app: { image: app, environment: { URL: "http://one:80" } }\n'
    expect(
      convert(compose).plan.services.find(({ service }) => service === 'one')?.mayComplete,
    ).toBeUndefined()
  })
})

describe('what is reported', () => {
  const compose =
    'services:\n  migrate: { image: app, restart: on-failure, command: rake db:migrate }\n  app: { image: app, restart: always }\n'

  test('the reasons, once, with the line that undoes it', () => {
    const { plan, diagnostics, ledger } = convert(compose)
    const because = 'its command names one-time work'
    expect(plan.services.find(({ service }) => service === 'migrate')).toMatchObject({
      kindBecause: { code: 'workload-kind/signs', text: because },
      oneShotSigns: [{ code: 'one-shot/command-works', text: because }],
    })
    expect(diagnostics).toMatchObject([
      {
        code: 'convert/inferred-one-shot',
        severity: 'note',
        message: `migrate runs once, as a Job: ${because}`,
        hint: 'to undo: services.migrate.oneShot: false in landfall.yaml',
      },
    ])
    expect(ledger).toContainEqual(
      expect.objectContaining({ path: '/services/migrate', outcome: 'adapted' }),
    )
  })

  test('as many reasons as are enough', () => {
    const { plan } = convert(compose.replace('rake db:migrate', './go'))
    expect(plan.services.find(({ service }) => service === 'migrate')?.kindBecause.text).toBe(
      'its name suggests one-time work and its restart policy is on-failure, unlike that of others',
    )
  })

  test('what ended under `landfall up` is remembered, unless its policy or landfall.yaml say otherwise', () => {
    const seen =
      'services:\n  tool: { image: tool, restart: "no" }\n  kept: { image: tool, restart: always }\n'
    const { plan, bundle } = convert(seen, { oneShots: ['tool', 'kept', 'gone'] })
    expect(plan.services.map(({ kind }) => kind)).toEqual(['Deployment', 'Job'])
    expect(plan.services[1]?.oneShotSigns).toMatchObject([{ code: 'one-shot/lock' }])
    expect(bundle?.objects.get('deployment/kept')?.metadata.annotations).toEqual({
      'landfall.dev/service': 'kept',
      'landfall.dev/source': 'compose.yaml#/services/kept',
    })
    const settings = { services: { tool: { oneShot: false } } }
    const refused = convert(seen, { oneShots: ['tool'], settings }).plan.services[1]
    expect(refused).toMatchObject({ kind: 'Deployment' })
    expect(refused?.mayComplete).toBeUndefined()
  })

  test('oneShot: false undoes it', () => {
    const settings = { services: { migrate: { oneShot: false } } }
    const { plan, diagnostics } = convert(compose, { settings })
    expect(plan.services.find(({ service }) => service === 'migrate')).toMatchObject({
      kind: 'Deployment',
      kindBecause: { code: 'workload-kind/declared-long-running' },
    })
    expect(diagnostics).toEqual([])
  })
})
