import hooks from 'node:async_hooks';

const { AsyncLocalStorage } = hooks;

/**
 * In place of `AsyncLocalStorage`, from which jest-circus takes the test that an error belongs to. Node marks every
 * promise of the process for it, which took a tenth of the CPU. Here one test runs at a time, so one value will do:
 * that of the work that began last and has not ended.
 */
class OneContext {
  #store;

  run(store, work) {
    const before = this.#store;
    this.#store = store;
    const end = () => {
      this.#store = before;
    };
    let result;
    try {
      result = work();
    } catch (error) {
      end();
      throw error;
    }
    if (typeof result?.then !== 'function') {
      end();
      return result;
    }
    return result.then(
      (value) => {
        end();
        return value;
      },
      (error) => {
        end();
        throw error;
      },
    );
  }

  getStore() {
    return this.#store;
  }
}

put(OneContext);

/** Gives the class back, once jest-circus has taken it. */
export function restore() {
  put(AsyncLocalStorage);
}

/** From Node 22 on it has a getter alone. */
function put(value) {
  Object.defineProperty(hooks, 'AsyncLocalStorage', {
    value,
    configurable: true,
    enumerable: true,
    writable: true,
  });
}
