import { Context, Drop } from 'liquidjs';

/**
 * Liquid's own objects (`forloop`, a Decimal) answer to every name of JavaScript's, `constructor` and `__proto__`
 * included, although the data do not: to templates these do not exist.
 */
export class GuardedContext extends Context {
  override readProperty(...[owner, key]: Parameters<Context['readProperty']>): unknown {
    const isInherited = owner instanceof Drop && (typeof key !== 'string' || key in Object.prototype);
    return isInherited ? undefined : super.readProperty(owner, key);
  }

  override spawn(scope: object = {}): Context {
    const { sync, globals, strictVariables, ownPropertyOnly, renderLimit, memoryLimit } = this;
    const options = { sync, globals, strictVariables, ownPropertyOnly };
    return new GuardedContext(scope, this.opts, options, { renderLimit, memoryLimit, liquid: this.liquid });
  }
}
