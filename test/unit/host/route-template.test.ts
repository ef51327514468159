import { describe, expect, test } from 'vitest';
import { parseRoute } from '../../../dev/host/http/route-template.ts';

describe('a route', () => {
  test.each([
    ['api/jobs', '/api/jobs', {}],
    ['api/jobs', '/API/Jobs/', {}],
    ['api/jobs/{id}', '/api/jobs/Ab', { id: 'Ab' }],
    ['api/jobs/{id:int}', '/api/jobs/-5', { id: '-5' }],
    ['api/jobs/{id:int}', '/api/jobs/ 5', { id: ' 5' }],
    ['api/{a}/{b?}', '/api/x', { a: 'x' }],
    ['api/{a}/{b=z}', '/api/x', { a: 'x', b: 'z' }],
    ['api/{*path}', '/api/a/b%2Fc/', { path: 'a/b%2Fc/' }],
    ['api/{*path}', '/api/a//b', { path: 'a//b' }],
    ['api/{*path}', '/api', {}],
    ['{**all}', '/', {}],
    ['files/{name}.{ext}', '/files/a.b.txt', { name: 'a.b', ext: 'txt' }],
    ['v-{n:int}', '/v-12', { n: '12' }],
    ['k/{key:regex(^[a-z]{{2}}$)}', '/k/ab', { key: 'ab' }],
    ['r/{n:range(1,9)}', '/r/9', { n: '9' }],
    [
      'g/{id:guid}',
      '/g/6f9619ff-8b86-d011-b42d-00c04fc964ff',
      { id: '6f9619ff-8b86-d011-b42d-00c04fc964ff' },
    ],
    ['two/{a:minlength(2):alpha}', '/two/xy', { a: 'xy' }],
  ])('%s takes %s', (route, path, params) => expect(parseRoute(route).match(path)).toEqual(params));

  test.each([
    ['api/jobs', '/api/jobs/1'],
    ['api/jobs', '/api'],
    ['api/jobs/{id}', '/api/jobs'],
    ['api/jobs/{id}', '/api/jobs//'],
    ['api/{*path}', '/api//b'],
    ['api/{*path}', '/api//'],
    ['api/jobs/{id:int}', '/api/jobs/x'],
    ['api/jobs/{id:int}', '/api/jobs/2147483648'],
    ['api/{b:bool}', '/api/yes'],
    ['r/{n:range(1,9)}', '/r/10'],
    ['k/{key:regex(^[a-z]{{2}}$)}', '/k/abc'],
    ['v-{n:int}', '/v-x'],
    ['l/{a:length(3)}', '/l/ab'],
  ])('%s does not take %s', (route, path) => expect(parseRoute(route).match(path)).toBeUndefined());

  test.each([
    ['a/{', 'malformed'],
    ['a/{id:nosuch}', "route constraint 'nosuch' could not be resolved"],
    ['a/{i d}', 'invalid parameter name'],
  ])('%s is refused', (route, why) => expect(() => parseRoute(route)).toThrow(why));
});
