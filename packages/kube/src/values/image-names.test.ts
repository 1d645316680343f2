import { expect, test } from 'vitest'
import { imageIn, imageName, imageParts } from './image-names.ts'

test.each([
  ['nginx', 'r.example/library/nginx'],
  ['nginx:1.22', 'r.example/library/nginx:1.22'],
  ['docker.io/nginx', 'r.example/library/nginx'],
  ['index.docker.io/nginx:1', 'r.example/library/nginx:1'],
  ['docker.io/library/nginx', 'r.example/library/nginx'],
  ['bitnami/redis:7', 'r.example/bitnami/redis:7'],
  ['quay.io/a/b@sha256:0', 'r.example/a/b@sha256:0'],
  ['quay.io/b:1@sha256:0', 'r.example/b:1@sha256:0'],
  ['registry:5000/shop/api', 'r.example/shop/api'],
  ['localhost/api:1', 'r.example/api:1'],
  ['localhost5/api:1', 'r.example/localhost5/api:1'],
])('%s in another registry is %s', (image, expected) => {
  expect(imageIn('r.example', image, 'registry')).toBe(expected)
  expect(imageIn('', image, 'registry')).toBe(image)
})

test('an image that the project builds is not an official one of Docker Hub', () => {
  expect(imageIn('r.example/team', 'shop-web:1', 'registry-of-built')).toBe(
    'r.example/team/shop-web:1',
  )
  expect(imageIn('r.example', 'quay.io/a/b', 'registry-of-built')).toBe('r.example/a/b')
})

test.each(['a', 'a:1', 'r:5000/a', 'r:5000/a/b:1@sha256:0', 'a@sha256:0'])('%s in parts', (image) =>
  expect(imageName(imageParts(image))).toBe(image),
)
