import { expect, test } from 'vitest'
import { cgroupHierarchies } from './cgroups.ts'

test('with version 2 there is one hierarchy', () => {
  const mounts = 'proc /proc proc rw 0 0\ncgroup2 /sys/fs/cgroup cgroup2 rw,nsdelegate 0 0\n'
  expect(cgroupHierarchies(mounts)).toEqual([{ path: '/sys/fs/cgroup', version: 2 }])
})

test('with version 1 there is one for each controller, and a version 2 beside them in hybrid mode', () => {
  const mounts = [
    'tmpfs /sys/fs/cgroup tmpfs rw 0 0',
    'cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0',
    'cgroup /sys/fs/cgroup/pids cgroup rw,pids 0 0',
    'cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0',
  ].join('\n')
  expect(cgroupHierarchies(mounts)).toEqual([
    { path: '/sys/fs/cgroup/memory', version: 1 },
    { path: '/sys/fs/cgroup/pids', version: 1 },
    { path: '/sys/fs/cgroup/unified', version: 2 },
  ])
})
