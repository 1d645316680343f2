import { expect, test } from 'vitest'
import { parseConfig } from './config.ts'

const SHIPPED = {
  site_id: '001',
  my_hostip: '10.0.0.5',
  physical_location: { longitude: 8.6, latitude: 49.4 },
  broker: { http_port: 8070 },
  worker: { container_management: 'kubernetes', capacity: 8, app_namespace: '' },
  rabbitmq: { port: 5672, username: 'admin', password: 'mypass' },
}
const read = (more: object = {}, instance = '') =>
  parseConfig(JSON.stringify({ ...SHIPPED, ...more }), 'fogflow', instance)

test('a configuration as FogFlow ships it', () => {
  expect(read()).toEqual({
    id: 'Worker.001',
    location: { latitude: 49.4, longitude: 8.6 },
    capacity: 8,
    namespace: 'fogflow',
    brokerUrl: 'http://10.0.0.5:8070/ngsi10',
    amqp: { hostname: '10.0.0.5', port: 5672, username: 'admin', password: 'mypass' },
    taskResources: { requests: { cpu: '10m', memory: '32Mi' } },
    healthPort: 8081,
  })
})

test.each([
  ['my_hostip', {}, 'http://10.0.0.5:8070/ngsi10', '10.0.0.5'],
  [
    'an edge site',
    { coreservice_ip: 'cloud', external_ip: 'edge' },
    'http://edge:8070/ngsi10',
    'cloud',
  ],
  [
    'host_ip',
    {
      ...{ coreservice_ip: 'cloud', external_ip: 'edge' },
      broker: { host_ip: 'broker', http_port: 8070 },
      rabbitmq: { host_ip: 'rabbitmq' },
    },
    'http://broker:8070/ngsi10',
    'rabbitmq',
  ],
])('addresses from %s', (_, more, brokerUrl, hostname) => {
  expect(read(more)).toMatchObject({ brokerUrl, amqp: { hostname, port: 5672 } })
})

test('several workers of a site, and a namespace for tasks', () => {
  expect(read({ worker: { app_namespace: 'tasks' } }, '2')).toMatchObject({
    ...{ id: 'Worker.001.2', namespace: 'tasks', capacity: 100 },
  })
})

test.each([
  ['{\n  "site_id": "001",\n  "my_hostip" 5\n}', /^config\.json:3:1\d: /],
  ['[]', /^config\.json is not an object$/],
  ['{}', /site_id is missing/],
  [
    JSON.stringify({ ...SHIPPED, broker: { http_port: '8070' } }),
    /^broker\.http_port is not a number/,
  ],
  [JSON.stringify({ ...SHIPPED, broker: {} }), /broker\.http_port is not a port/],
  [JSON.stringify({ ...SHIPPED, my_hostip: '' }), /broker\.host_ip, external_ip and my_hostip/],
])('%s is refused by name', (text, message) => {
  expect(() => parseConfig(text, 'fogflow')).toThrow(message)
})
