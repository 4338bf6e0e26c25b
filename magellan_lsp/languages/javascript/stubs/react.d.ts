// React's module as far as inference needs it: what components, hooks and contexts give and take.
// Loaded where a workspace imports "react" and has no declarations of its own for it.
export = React;

declare namespace React {
  type Key = string | number;
  type ReactNode = ReactElement | string | number | boolean | null | undefined;
  type SetStateAction<S> = S | ((previous: S) => S);
  type Dispatch<A> = (value: A) => void;
  type DispatchWithoutAction = () => void;
  type Reducer<S, A> = (state: S, action: A) => S;
  type RefCallback<T> = (instance: T) => void;
  type Ref<T> = RefCallback<T> | RefObject<T>;
  type ForwardedRef<T> = RefCallback<T> | RefObject<T>;
  type LegacyRef<T> = Ref<T>;
  type PropsWithChildren<P = {}> = P & { children?: ReactNode };
  type PropsWithRef<P> = P;
  type PropsWithoutRef<P> = P;
  type ComponentType<P = {}> = FunctionComponent<P>;
  type FC<P = {}> = FunctionComponent<P>;
  type VFC<P = {}> = FunctionComponent<P>;
  type ForwardRefRenderFunction<T, P = {}> = (props: P, ref: ForwardedRef<T>) => ReactNode;
  type EventHandler<E> = (event: E) => void;

  interface ReactElement<P = any> {
    type: any;
    props: P;
    key: string | null;
  }
  interface RefObject<T> {
    current: T;
  }
  interface MutableRefObject<T> {
    current: T;
  }
  interface FunctionComponent<P = {}> {
    (props: P): ReactNode;
    displayName?: string;
    defaultProps?: P;
  }
  interface ForwardRefExoticComponent<P> extends FunctionComponent<P> {}
  interface MemoExoticComponent<T> {}
  interface RefAttributes<T> {
    ref?: Ref<T>;
    key?: Key;
  }
  interface Context<T> {
    Provider: FunctionComponent<{ value: T; children?: ReactNode }>;
    Consumer: FunctionComponent<{ children: (value: T) => ReactNode }>;
    displayName?: string;
  }
  interface ErrorInfo {
    componentStack?: string;
  }
  interface SyntheticEvent<T = any, E = any> {
    nativeEvent: E;
    currentTarget: T;
    target: T;
    type: string;
    preventDefault(): void;
    stopPropagation(): void;
    persist(): void;
  }

  class Component<P = {}, S = {}> {
    constructor(props: P);
    props: P;
    state: S;
    context: any;
    setState(state: S | ((previous: S, props: P) => S), callback?: () => void): void;
    forceUpdate(callback?: () => void): void;
    render(): ReactNode;
    componentDidMount?(): void;
    componentWillUnmount?(): void;
    componentDidCatch?(error: Error, info: ErrorInfo): void;
    componentDidUpdate?(previous: P, before: S, snapshot?: any): void;
    shouldComponentUpdate?(next: P, state: S, context: any): boolean;
    getSnapshotBeforeUpdate?(previous: P, before: S): any;
  }
  class PureComponent<P = {}, S = {}> extends Component<P, S> {}

  function createElement<P>(type: (props: P) => any, props?: P, ...children: ReactNode[]): ReactElement<P>;
  function cloneElement<P>(element: ReactElement<P>, props?: P, ...children: ReactNode[]): ReactElement<P>;
  function isValidElement(value: any): boolean;
  function createContext<T>(value: T): Context<T>;
  function createRef<T>(): RefObject<T>;
  function forwardRef<T, P = {}>(render: (props: P, ref: ForwardedRef<T>) => ReactNode): FunctionComponent<P>;
  function memo<T>(component: T, equal?: (before: any, after: any) => boolean): T;
  function lazy<T>(load: () => Promise<{ default: T }>): T;
  function startTransition(scope: () => void): void;

  function use<T>(usable: Context<T> | Promise<T>): T;
  function useCallback<T>(callback: T, inputs: any[]): T;
  function useContext<T>(context: Context<T>): T;
  function useDebugValue<T>(value: T, format?: (value: T) => any): void;
  function useDeferredValue<T>(value: T): T;
  function useEffect(effect: () => void, inputs?: any[]): void;
  function useId(): string;
  function useImperativeHandle<T>(ref: Ref<T>, make: () => T, inputs?: any[]): void;
  function useInsertionEffect(effect: () => void, inputs?: any[]): void;
  function useLayoutEffect(effect: () => void, inputs?: any[]): void;
  function useMemo<T>(make: () => T, inputs: any[]): T;
  function useReducer<S, A>(reducer: (state: S, action: A) => S, initial: S, make?: any): [S, (action: A) => void];
  function useRef<T>(initial: T): RefObject<T>;
  function useRef<T>(): RefObject<T>;
  function useState<S>(initial: () => S): [S, (value: S | ((previous: S) => S)) => void];
  function useState<S>(initial: S): [S, (value: S | ((previous: S) => S)) => void];
  function useState<S>(): [S, (value: S | ((previous: S) => S)) => void];
  function useSyncExternalStore<T>(subscribe: (changed: () => void) => () => void, read: () => T, server?: () => T): T;
  function useTransition(): [boolean, (scope: () => void) => void];
}
