import { expect, test } from 'vitest'
import { proxyRouteOf } from './proxy-routes.ts'

const routers = (rule: string) => ({ 'traefik.http.routers.web.rule': rule })

test.each([
  [routers('Host(`shop.example.com`)'), { host: 'shop.example.com' }],
  [routers('Host("Shop.Example.com")'), { host: 'shop.example.com' }],
  [
    routers('Host(`a.example.com`, `b.example.com`) && PathPrefix(`/api`)'),
    { host: 'a.example.com', path: '/api' },
  ],
  [
    routers('PathPrefix(`/`) && Host(`a.example.com`) || Host(`b.example.com`)'),
    { host: 'a.example.com' },
  ],
  [
    {
      ...routers('Host(`a.example.com`)'),
      'traefik.http.services.web.loadbalancer.server.port': '9000',
    },
    { host: 'a.example.com', port: 9000 },
  ],
  [
    {
      'traefik.frontend.rule': 'Host:a.example.com,b.example.com;PathPrefixStrip:/x',
      'traefik.port': '80',
    },
    { host: 'a.example.com', path: '/x', port: 80 },
  ],
  [{ 'traefik.web.frontend.rule': 'Host: a.example.com' }, { host: 'a.example.com' }],
  [{ ...routers('Host(`a.example.com`)'), 'traefik.enable': 'false' }, undefined],
  [routers('HostRegexp(`^.+\\.example\\.com$`)'), undefined],
  [routers('Host(`cloud_broker.example.com`)'), undefined],
  [routers('Host(`a..example.com`)'), undefined],
  [{ 'traefik.enable': 'true' }, undefined],
  [{}, undefined],
])('labels %j: %j', (labels, route) => {
  expect(proxyRouteOf({ labels })).toEqual(route)
})

test.each([
  [
    { VIRTUAL_HOST: 'a.example.com,b.example.com', VIRTUAL_PORT: '3000' },
    { host: 'a.example.com', port: 3000 },
  ],
  [
    { VIRTUAL_HOST: '*.example.com', VIRTUAL_PATH: '/x' },
    { host: '*.example.com', path: '/x' },
  ],
  [{ VIRTUAL_HOST: '~^www\\..*' }, undefined],
  [{ VIRTUAL_HOST: null }, undefined],
])('variables %j: %j', (environment, route) => {
  expect(proxyRouteOf({ environment })).toEqual(route)
})
