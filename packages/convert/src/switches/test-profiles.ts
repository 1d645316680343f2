import type { Bundle } from '@landfall/kube'
import { convert } from '../test-conversion.ts'
import { type WithProfiles, withProfiles } from './with-profiles.ts'

/** For tests: profiles whose services wait, share a database, a secret and a volume, and in part each other. */
const PROFILES = `
name: shop
services:
  web:
    image: nginx:1.22
    ports: ["8080:80"]
    depends_on: { migrate: { condition: service_completed_successfully } }
  migrate:
    image: example/migrate:1
    restart: "no"
    environment: { DB_PASSWORD: hop-hop }
    depends_on: { db: { condition: service_started } }
  db:
    image: postgres:15
    environment: { POSTGRES_PASSWORD: hop-hop }
    volumes: ["data:/var/lib/postgresql/data"]
  admin:
    image: adminer
    profiles: [debug]
    environment: { DB_PASSWORD: hop-hop, LEVEL: info, "9": x }
    depends_on: { db: { condition: service_started }, migrate: { condition: service_completed_successfully } }
    ports: ["8081:8080"]
    volumes: ["./f.conf:/f.conf:ro"]
  trace:
    image: example/trace
    profiles: [debug, "a.b"]
    depends_on: { web: { condition: service_started } }
  seed:
    image: example/seed
    restart: "no"
    profiles: ["a.b"]
    environment: { OTHER_PASSWORD: "{{ x }}" }
    depends_on: { db: { condition: service_healthy, required: false }, migrate: { condition: service_completed_successfully } }
    volumes: ["more:/more"]
  joined:
    image: example/joined
    profiles: [joined]
    network_mode: "service:db"
volumes: { data: {}, more: {} }
`

const files = { '/shop/f.conf': '{{ y }}\n' }

/** For tests: the project with these profiles. */
export function bundleWith(profiles: string[], compose: string = PROFILES): Bundle {
  const { bundle, diagnostics } = convert(compose, { files, profiles })
  if (bundle === undefined) throw new Error(diagnostics.map(({ message }) => message).join())
  return bundle
}

/** For tests: the project with switches for these profiles. */
export function switchable(profiles: string[], compose: string = PROFILES): WithProfiles {
  return withProfiles(
    bundleWith([], compose),
    new Map(profiles.map((one) => [one, bundleWith([one], compose)])),
  )
}
