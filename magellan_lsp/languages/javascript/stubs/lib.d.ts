// The built-in types that inference needs, in our own words: what they hold, iterate over, call back and give.
// Only what lets types flow from one place to another is here; nothing in it is ever shown as a place.

declare class Object {
  static assign<T, U>(target: T, ...sources: U[]): T & U;
  static create<T>(prototype: T, properties?: PropertyDescriptorMap): T;
  static freeze<T>(value: T): T;
  static seal<T>(value: T): T;
  static keys(value: object): string[];
  static values<T>(value: Record<string, T>): T[];
  static entries<T>(value: Record<string, T>): [string, T][];
  static fromEntries<T>(entries: Iterable<[string, T]>): Record<string, T>;
  static defineProperty<T>(target: T, key: string, descriptor: PropertyDescriptor): T;
  static defineProperties<T>(target: T, descriptors: PropertyDescriptorMap): T;
  static getPrototypeOf(value: object): object;
  static setPrototypeOf<T>(value: T, prototype: object): T;
  static getOwnPropertyNames(value: object): string[];
  static getOwnPropertySymbols(value: object): symbol[];
  static getOwnPropertyDescriptor(value: object, key: string): PropertyDescriptor;
  static is(left: object, right: object): boolean;
  static isFrozen(value: object): boolean;
  hasOwnProperty(key: string): boolean;
  isPrototypeOf(value: object): boolean;
  propertyIsEnumerable(key: string): boolean;
  toString(): string;
  toLocaleString(): string;
  valueOf(): object;
}

declare class Function {
  readonly name: string;
  readonly length: number;
  readonly prototype: object;
  call(self: object, ...args: object[]): object;
  apply(self: object, args: object[]): object;
  bind(self: object, ...args: object[]): Function;
  toString(): string;
}

declare class Boolean {
  valueOf(): boolean;
  toString(): string;
}

declare class Number {
  static isInteger(value: number): boolean;
  static isFinite(value: number): boolean;
  static isNaN(value: number): boolean;
  static isSafeInteger(value: number): boolean;
  static parseFloat(text: string): number;
  static parseInt(text: string, radix?: number): number;
  static readonly MAX_SAFE_INTEGER: number;
  static readonly MIN_SAFE_INTEGER: number;
  static readonly MAX_VALUE: number;
  static readonly EPSILON: number;
  toFixed(digits?: number): string;
  toString(radix?: number): string;
  toLocaleString(): string;
  toPrecision(digits?: number): string;
  valueOf(): number;
}

declare class BigInt {
  toString(radix?: number): string;
}

declare class Symbol {
  static for(key: string): symbol;
  static readonly iterator: symbol;
  static readonly asyncIterator: symbol;
  static readonly hasInstance: symbol;
  static readonly toStringTag: symbol;
  static readonly toPrimitive: symbol;
  readonly description: string;
  toString(): string;
}

declare class String implements Iterable<string> {
  static fromCharCode(...codes: number[]): string;
  static raw(parts: TemplateStringsArray, ...values: object[]): string;
  readonly length: number;
  [index: number]: string;
  at(index: number): string;
  charAt(index: number): string;
  charCodeAt(index: number): number;
  codePointAt(index: number): number;
  concat(...parts: string[]): string;
  endsWith(part: string): boolean;
  includes(part: string): boolean;
  indexOf(part: string, from?: number): number;
  lastIndexOf(part: string): number;
  localeCompare(other: string): number;
  match(pattern: RegExp): RegExpMatchArray;
  matchAll(pattern: RegExp): IterableIterator<RegExpMatchArray>;
  normalize(form?: string): string;
  padEnd(length: number, filler?: string): string;
  padStart(length: number, filler?: string): string;
  repeat(count: number): string;
  replace(pattern: RegExp, replacement: string): string;
  replaceAll(pattern: RegExp, replacement: string): string;
  search(pattern: RegExp): number;
  slice(start?: number, end?: number): string;
  split(separator: string): string[];
  startsWith(part: string): boolean;
  substr(start: number, length?: number): string;
  substring(start: number, end?: number): string;
  toLowerCase(): string;
  toUpperCase(): string;
  toLocaleLowerCase(): string;
  toLocaleUpperCase(): string;
  toString(): string;
  trim(): string;
  trimEnd(): string;
  trimStart(): string;
  valueOf(): string;
  [Symbol.iterator](): IterableIterator<string>;
}

interface TemplateStringsArray extends Array<string> {
  readonly raw: string[];
}

declare class RegExp {
  readonly source: string;
  readonly flags: string;
  readonly global: boolean;
  lastIndex: number;
  exec(text: string): RegExpMatchArray;
  test(text: string): boolean;
  toString(): string;
}

interface RegExpMatchArray extends Array<string> {
  index: number;
  input: string;
  groups: Record<string, string>;
}
interface RegExpExecArray extends RegExpMatchArray {}

declare class Date {
  static now(): number;
  static parse(text: string): number;
  static UTC(year: number, month: number): number;
  getTime(): number;
  getFullYear(): number;
  getMonth(): number;
  getDate(): number;
  getDay(): number;
  getHours(): number;
  getMinutes(): number;
  getSeconds(): number;
  getMilliseconds(): number;
  getTimezoneOffset(): number;
  setTime(time: number): number;
  toISOString(): string;
  toJSON(): string;
  toString(): string;
  toUTCString(): string;
  valueOf(): number;
}

declare class Error {
  static captureStackTrace(target: object, constructor?: Function): void;
  constructor(message?: string, options?: ErrorOptions);
  name: string;
  message: string;
  stack: string;
  cause: object;
  toString(): string;
}
interface ErrorOptions {
  cause?: object;
}
declare class TypeError extends Error {}
declare class RangeError extends Error {}
declare class SyntaxError extends Error {}
declare class ReferenceError extends Error {}
declare class EvalError extends Error {}
declare class URIError extends Error {}
declare class AggregateError extends Error {
  errors: Error[];
}

interface Iterator<T> {
  next(value?: object): IteratorResult<T>;
  return(value?: object): IteratorResult<T>;
  throw(error?: object): IteratorResult<T>;
}
interface IteratorResult<T> {
  done: boolean;
  value: T;
}
interface Iterable<T> {
  [Symbol.iterator](): Iterator<T>;
}
interface IterableIterator<T> extends Iterator<T>, Iterable<T> {
  [Symbol.iterator](): IterableIterator<T>;
}
interface Generator<T> extends IterableIterator<T> {}
interface AsyncIterator<T> {
  next(value?: object): Promise<IteratorResult<T>>;
}
interface AsyncIterable<T> {
  [Symbol.asyncIterator](): AsyncIterator<T>;
}
interface AsyncIterableIterator<T> extends AsyncIterator<T> {}
interface AsyncGenerator<T> extends AsyncIterableIterator<T> {}

interface ArrayLike<T> {
  readonly length: number;
  [index: number]: T;
}

declare class Array<T> implements Iterable<T> {
  static from<T, U>(source: Iterable<T>, map?: (value: T, index: number) => U): U[];
  static from<T>(source: Iterable<T>): T[];
  static isArray(value: object): boolean;
  static of<T>(...items: T[]): T[];
  length: number;
  [index: number]: T;
  at(index: number): T;
  concat(...items: T[][]): T[];
  copyWithin(target: number, start: number): T[];
  entries(): IterableIterator<[number, T]>;
  every(check: (value: T, index: number, array: T[]) => boolean): boolean;
  fill(value: T, start?: number, end?: number): T[];
  filter(check: (value: T, index: number, array: T[]) => boolean): T[];
  find(check: (value: T, index: number, array: T[]) => boolean): T;
  findIndex(check: (value: T, index: number, array: T[]) => boolean): number;
  findLast(check: (value: T, index: number, array: T[]) => boolean): T;
  findLastIndex(check: (value: T, index: number, array: T[]) => boolean): number;
  flat(depth?: number): T[];
  flatMap<U>(map: (value: T, index: number, array: T[]) => U[]): U[];
  forEach(visit: (value: T, index: number, array: T[]) => void): void;
  includes(value: T): boolean;
  indexOf(value: T): number;
  join(separator?: string): string;
  keys(): IterableIterator<number>;
  lastIndexOf(value: T): number;
  map<U>(map: (value: T, index: number, array: T[]) => U): U[];
  pop(): T;
  push(...items: T[]): number;
  reduce<U>(combine: (before: U, value: T, index: number, array: T[]) => U, start: U): U;
  reduceRight<U>(combine: (before: U, value: T, index: number, array: T[]) => U, start: U): U;
  reverse(): T[];
  shift(): T;
  slice(start?: number, end?: number): T[];
  some(check: (value: T, index: number, array: T[]) => boolean): boolean;
  sort(compare?: (left: T, right: T) => number): T[];
  splice(start: number, count?: number, ...items: T[]): T[];
  toReversed(): T[];
  toSorted(compare?: (left: T, right: T) => number): T[];
  toString(): string;
  unshift(...items: T[]): number;
  values(): IterableIterator<T>;
  with(index: number, value: T): T[];
  [Symbol.iterator](): IterableIterator<T>;
}
interface ReadonlyArray<T> extends Array<T> {}
declare class Uint8Array extends Array<number> {}
declare class Int8Array extends Array<number> {}
declare class Uint16Array extends Array<number> {}
declare class Int16Array extends Array<number> {}
declare class Uint32Array extends Array<number> {}
declare class Int32Array extends Array<number> {}
declare class Float32Array extends Array<number> {}
declare class Float64Array extends Array<number> {}
declare class ArrayBuffer {}
declare class SharedArrayBuffer {}
declare class DataView {}

declare class Map<K, V> implements Iterable<[K, V]> {
  constructor(entries?: Iterable<[K, V]>);
  readonly size: number;
  clear(): void;
  delete(key: K): boolean;
  entries(): IterableIterator<[K, V]>;
  forEach(visit: (value: V, key: K, map: Map<K, V>) => void): void;
  get(key: K): V;
  has(key: K): boolean;
  keys(): IterableIterator<K>;
  set(key: K, value: V): Map<K, V>;
  values(): IterableIterator<V>;
  [Symbol.iterator](): IterableIterator<[K, V]>;
}
interface ReadonlyMap<K, V> extends Map<K, V> {}
declare class WeakMap<K, V> {
  delete(key: K): boolean;
  get(key: K): V;
  has(key: K): boolean;
  set(key: K, value: V): WeakMap<K, V>;
}
declare class Set<T> implements Iterable<T> {
  constructor(items?: Iterable<T>);
  readonly size: number;
  add(value: T): Set<T>;
  clear(): void;
  delete(value: T): boolean;
  entries(): IterableIterator<[T, T]>;
  forEach(visit: (value: T, again: T, set: Set<T>) => void): void;
  has(value: T): boolean;
  keys(): IterableIterator<T>;
  values(): IterableIterator<T>;
  [Symbol.iterator](): IterableIterator<T>;
}
interface ReadonlySet<T> extends Set<T> {}
declare class WeakSet<T> {
  add(value: T): WeakSet<T>;
  delete(value: T): boolean;
  has(value: T): boolean;
}
declare class WeakRef<T> {
  constructor(target: T);
  deref(): T;
}
declare class FinalizationRegistry<T> {}

interface PromiseLike<T> {
  then<R>(done: (value: T) => R, failed?: (error: any) => R): Promise<R>;
}
declare class Promise<T> implements PromiseLike<T> {
  static all<T>(values: Iterable<T>): Promise<Awaited<T>[]>;
  static allSettled<T>(values: Iterable<T>): Promise<PromiseSettledResult<Awaited<T>>[]>;
  static any<T>(values: Iterable<T>): Promise<Awaited<T>>;
  static race<T>(values: Iterable<T>): Promise<Awaited<T>>;
  static reject(error?: any): Promise<any>;
  static resolve<T>(value?: T): Promise<Awaited<T>>;
  static withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: any) => void };
  constructor(run: (resolve: (value: T) => void, reject: (error: any) => void) => void);
  then<R>(done: (value: T) => R, failed?: (error: any) => R): Promise<Awaited<R>>;
  catch<R>(failed: (error: any) => R): Promise<T>;
  finally(done: () => void): Promise<T>;
}
interface PromiseSettledResult<T> {
  status: string;
  value: T;
  reason: any;
}

interface Partial<T> {}
interface Required<T> {}
interface Readonly<T> {}
interface Pick<T, K> {}
interface Omit<T, K> {}
interface Exclude<T, U> {}
interface Extract<T, U> {}
interface NonNullable<T> {}
interface NoInfer<T> {}
interface ThisType<T> {}
interface Awaited<T> {}
interface ReturnType<F> {}
interface InstanceType<C> {}
interface Parameters<F> {}
interface ConstructorParameters<C> {}
interface ThisParameterType<F> {}
interface OmitThisParameter<F> {}
interface Uppercase<S> {}
interface Lowercase<S> {}
interface Capitalize<S> {}
interface Uncapitalize<S> {}
interface Record<K, V> {
  [key: string]: V;
}
interface Disposable {}
interface AsyncDisposable {}
interface PropertyKey {}
interface PropertyDescriptor {
  configurable?: boolean;
  enumerable?: boolean;
  value?: any;
  writable?: boolean;
  get?(): any;
  set?(value: any): void;
}
interface PropertyDescriptorMap {
  [key: string]: PropertyDescriptor;
}
interface ProxyHandler<T> {
  apply?(target: T, self: any, args: any[]): any;
  construct?(target: T, args: any[], made: Function): object;
  defineProperty?(target: T, key: string, descriptor: PropertyDescriptor): boolean;
  deleteProperty?(target: T, key: string): boolean;
  get?(target: T, key: string, receiver: any): any;
  getOwnPropertyDescriptor?(target: T, key: string): PropertyDescriptor;
  getPrototypeOf?(target: T): object;
  has?(target: T, key: string): boolean;
  isExtensible?(target: T): boolean;
  ownKeys?(target: T): string[];
  preventExtensions?(target: T): boolean;
  set?(target: T, key: string, value: any, receiver: any): boolean;
  setPrototypeOf?(target: T, prototype: object): boolean;
}
interface ArrayConstructor {}

declare class JSON {
  static parse(text: string): any;
  static stringify(value: any, replacer?: any, space?: number): string;
}
declare class Math {
  static readonly PI: number;
  static abs(value: number): number;
  static ceil(value: number): number;
  static floor(value: number): number;
  static max(...values: number[]): number;
  static min(...values: number[]): number;
  static pow(value: number, power: number): number;
  static random(): number;
  static round(value: number): number;
  static sign(value: number): number;
  static sqrt(value: number): number;
  static trunc(value: number): number;
}
declare class Reflect {
  static apply(target: Function, self: any, args: any[]): any;
  static construct(target: Function, args: any[]): any;
  static get(target: object, key: string): any;
  static has(target: object, key: string): boolean;
  static ownKeys(target: object): string[];
  static set(target: object, key: string, value: any): boolean;
}
declare class Proxy<T> {
  constructor(target: T, handler: ProxyHandler<T>);
}
interface UnderlyingSource<R> {
  start?(controller: ReadableStreamDefaultController<R>): any;
  pull?(controller: ReadableStreamDefaultController<R>): any;
  cancel?(reason?: any): any;
  type?: string;
}
interface ReadableStreamDefaultController<R> {
  readonly desiredSize: number;
  close(): void;
  enqueue(chunk?: R): void;
  error(reason?: any): void;
}
declare class ReadableStream<R> {
  constructor(source?: UnderlyingSource<R>, strategy?: any);
  readonly locked: boolean;
  cancel(reason?: any): Promise<void>;
  getReader(options?: any): any;
  pipeThrough(transform: any, options?: any): any;
  pipeTo(destination: any, options?: any): Promise<void>;
  tee(): ReadableStream<R>[];
}
declare class Intl {}
declare class Atomics {}
declare class URL {}
declare class URLSearchParams {}
declare class AbortController {}
declare class AbortSignal {}
declare class TextEncoder {}
declare class TextDecoder {}

declare function parseInt(text: string, radix?: number): number;
declare function parseFloat(text: string): number;
declare function isNaN(value: number): boolean;
declare function isFinite(value: number): boolean;
declare function encodeURIComponent(text: string): string;
declare function decodeURIComponent(text: string): string;
declare function encodeURI(text: string): string;
declare function decodeURI(text: string): string;
declare function structuredClone<T>(value: T): T;
declare function eval(code: string): any;
