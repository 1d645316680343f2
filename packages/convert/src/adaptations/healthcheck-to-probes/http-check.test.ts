import { expect, test } from 'vitest'
import { convert } from '../../test-conversion.ts'

/** The readiness probe of a service that publishes 8080 and 8443, and keeps 9000 for itself. */
function probeOf(check: string | string[], more = '') {
  const { plan } = convert(`
services:
  web: { image: x, hostname: shop, ports: ["80:8080", "8443:8443"], healthcheck: { test: ${JSON.stringify(check)} }${more} }
`)
  return plan.services[0]?.readiness
}

test.each([
  ['curl -f http://localhost:8080/health', '/health', 'localhost:8080'],
  [
    'curl -fsS "http://127.0.0.1:8080/a?b=c&d=e" > /dev/null || exit 1',
    '/a?b=c&d=e',
    '127.0.0.1:8080',
  ],
  ['curl --silent --fail -o /dev/null localhost:8080 || false', '/', 'localhost:8080'],
  ['wget -qO- http://shop:8080/ping', '/ping', 'shop:8080'],
  [['CMD', '/usr/bin/curl', '-sf', 'http://web:8080/x'], '/x', 'web:8080'],
])('%j is asked by the kubelet', (check, path, host) => {
  expect(probeOf(check)?.action).toEqual({
    httpGet: { path, port: 8080, scheme: 'HTTP', httpHeaders: [{ name: 'Host', value: host }] },
  })
})

test('a certificate that nobody checks is not checked by the kubelet either, and a shorter wait counts', () => {
  expect(probeOf('curl -fk -m 2 https://localhost:8443/')).toMatchObject({
    action: { httpGet: { port: 8443, scheme: 'HTTPS' } },
    timeout: 2,
  })
})

test.each([
  ['curl http://localhost:8080/health', 'an answer of 500 succeeds'],
  [
    'curl -f http://localhost:9000/health',
    'nobody else dials the port: it may listen on localhost alone',
  ],
  ['curl -f http://db:8080/', 'it asks somebody else'],
  ['curl -f https://localhost:8443/', 'it checks the certificate'],
  ['curl -fI http://localhost:8080/', 'it asks for the head'],
  ['curl -f -H "X: y" http://localhost:8080/', 'it says something else beside'],
  ['curl -f http://localhost:8080/ | grep ok', 'it reads the answer'],
  ['curl -f http://localhost:$$PORT/', 'the shell fills in a variable'],
  ['curl -f http://localhost:8080/ && test -f /ready', 'it tests something else beside'],
  ['wget --spider -q http://localhost:8080/', 'it may ask for the head'],
])('%s runs in the container: %s', (check) => {
  expect(probeOf(check)?.action).toHaveProperty('exec')
})

test('a program that asks through a proxy runs in the container', () => {
  const check = 'curl -f http://localhost:8080/'
  expect(probeOf(check, ', environment: { HTTP_PROXY: "http://p:3128" }')?.action).toHaveProperty(
    'exec',
  )
})
