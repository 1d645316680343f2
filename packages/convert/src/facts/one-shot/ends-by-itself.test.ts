import { expect, test } from 'vitest'
import { lifeOf } from './ends-by-itself.ts'

const sh = (script: string) => ['sh', '-c', script]

test.each([
  // scripts that end with exit
  [['/bin/sh', '-c', ' mc alias set x http://minio; mc mb x/y; exit 0; '], 'ends'],
  [['bash', '-ec', 'migrate\nseed\nexit'], 'ends'],
  [sh('test -f /done && exit 0'), 'ends'],
  [sh('seed; exit $?'), 'ends'],
  [sh('while true; do work; done; exit 0'), 'serves'],
  [sh('start & tail -f /log; exit 0'), 'serves'],
  [sh('trap "exit 0" TERM; serve'), 'serves'],
  [sh('exec nginx; exit 1'), 'serves'],
  [sh('serve || exit 1'), 'serves'],
  [sh('thing || exit 1'), 'ends'],
  // scripts that end with a program that ends
  [sh('echo exit'), 'ends'],
  [sh('until redis-cli -h store ping; do sleep 1; done; redis-cli -h store set a 1'), 'ends'],
  [sh('while ! nc -z db 5432; do sleep 1; done; wp core install'), 'ends'],
  [sh('i=0; while [ $i -lt 5 ]; do curl http://a/$i; i=$((i+1)); done'), 'ends'],
  [sh('mongosh --host m <<EOF\nrs.initiate(); while (true) {}\nEOF'), 'ends'],
  [sh('until redis-cli -h store set primary yes; do echo retry; sleep 1; done'), 'ends'],
  [sh('for t in a b; do kafka-topics --create --topic $t; done'), 'ends'],
  [sh('kafka-topics.sh --bootstrap-server k:9092 --list && echo -e "made; all"'), 'ends'],
  [sh('while true; do curl -f http://a && break; sleep 1; done; echo ready'), 'ends'],
  [sh('cat <<EOF | psql\nselect 1; exec nginx\nEOF\necho done'), 'ends'],
  [sh('# tail -f\ncurl -X POST http://search/_security > /dev/null 2>&1'), 'ends'],
  [sh('if [ ! -f /c/ca ]; then openssl req -x509 -out /c/ca; fi'), 'ends'],
  [sh('( cd /a && cp x /shared )'), 'ends'],
  [sh('echo "while true; do x; done"'), 'ends'],
  [sh('sleep 5'), 'ends'],
  [sh('work; sleep 2m'), 'ends'],
  [['cp', '-r', '/from/.', '/to'], 'ends'],
  [['/bin/sh', '-cx', 'until check; do sleep 1; done && curl http://a'], 'ends'],
  [['npm', 'ci'], 'ends'],
  [['yarn', 'run', 'build'], 'ends'],
  [['tini', '--', 'sh', '-c', 'gosu app mc mb s3/a'], 'ends'],
  // work
  [['python', 'manage.py', 'migrate', '--noinput'], 'works'],
  [['alembic', 'upgrade', 'head'], 'works'],
  [['bundle', 'exec', 'rake', 'db:migrate'], 'works'],
  [['./bin/docker-entrypoint-migrator.sh'], 'works'],
  [['zammad-init'], 'prepares'],
  [['./docker/prod/seeder'], 'works'],
  [['npx', 'prisma', 'migrate', 'deploy'], 'works'],
  [['wait-for-it.sh', 'db:5432', '--', 'python', 'manage.py', 'migrate'], 'works'],
  [['-path', '/m', '-database', 'postgres://server:5432/api', 'migrate'], 'works'],
  [['npm', 'run', 'db:seed'], 'works'],
  [['pnpm', '--filter', 'api', 'db:migrate'], 'works'],
  [['goose', 'up'], 'works'],
  [
    ['/bin/sh', '-c', 'kong migrations bootstrap; if [ $? -eq 5 ]; then kong migrations up; fi'],
    'works',
  ],
  // a beginning
  [['./init.sh'], 'prepares'],
  [sh('airflow db init && airflow users create --role Admin'), 'prepares'],
  [sh('python manage.py migrate && python manage.py collectstatic --noinput'), 'works'],
  // servers
  [sh('python manage.py migrate && python manage.py runserver 0.0.0.0:80'), 'serves'],
  [sh('alembic upgrade head; exec uvicorn app:app'), 'serves'],
  [sh('cat /c/ca.crt && exec python3 -m http.server 5601'), 'serves'],
  [sh('redis-cli -h store get seeded; exec sleep 1d'), 'serves'],
  [sh('init-things; wait'), 'serves'],
  [['flask', '--app', 'a', 'run'], 'serves'],
  [['/sbin/init'], 'serves'],
  [sh('for ((;;)); do work; sleep 5; done'), 'serves'],
  [sh('until false; do work; done'), 'serves'],
  [sh('while /bin/true; do pg_dump x > /b; sleep 60; done'), 'serves'],
  [sh('while sleep 60; do curl http://a; done'), 'serves'],
  [sh('while [ 1 -eq 1 ]; do curl http://a; done'), 'serves'],
  [sh('trap exit TERM; while :; do certbot renew; sleep 12h & wait $!; done;'), 'serves'],
  [sh('while :; do sleep 6h & wait $!; nginx -s reload; done & nginx -g "daemon off;"'), 'serves'],
  [['rpk', 'redpanda', 'start', '--smp', '1'], 'serves'],
  [['kubectl', 'port-forward', 'x', '80'], 'serves'],
  [['ping', 'db'], 'serves'],
  [['celery', '-A', 'app', 'worker'], 'serves'],
  [['rails', 'jobs:work'], 'serves'],
  [['php', 'artisan', 'queue:work'], 'serves'],
  [['npm', 'run', 'start:migrate'], 'serves'],
  [['./docker-entrypoint-worker.sh'], 'serves'],
  [['/bin/vault', 'server', '-dev'], 'serves'],
  [['tail', '-F', '/dev/null'], 'serves'],
  [['sleep', 'infinity'], 'serves'],
  [sh('pwd; sleep 600'), 'serves'],
  [['redis-cli', 'subscribe', 'x'], 'serves'],
  // nothing tells
  [sh('bash -s <<EOF\nwhile /bin/true; do pg_dump x; done\nEOF'), undefined],
  [sh('npm install && npm run dev'), undefined],
  [sh('echo hello; /bin/bash'), undefined],
  [sh('cp a b; exec "$@"'), undefined],
  [sh('prepare; ./app'), undefined],
  [sh('if [ -f a ]; then ./app; else echo none; fi'), undefined],
  [sh('./app & curl http://localhost/ready'), undefined],
  [sh('f() { ./app; }; f'), undefined],
  [['app', 'exit 0'], undefined],
  [['java', '-jar', 'app.jar'], undefined],
  [['yarn', 'run', 'build', '--watch'], 'serves'],
  [['sh'], undefined],
  [['./app', '--migrate', '--seed=yes'], undefined],
  [['/init'], 'serves'],
  [[], undefined],
])('%j: %s', (words, life) => {
  expect(lifeOf(words)).toBe(life)
})

test('a script that the project mounts is read', () => {
  const read = (path: string) => (path === '/s.sh' ? '#!/bin/sh\necho a\ncurl http://b' : undefined)
  expect(lifeOf(['/s.sh'], read)).toBe('ends')
  expect(lifeOf(['bash', '-e', '/s.sh'], read)).toBe('ends')
  expect(lifeOf(['bash', '/other.sh'], read)).toBe(undefined)
})
