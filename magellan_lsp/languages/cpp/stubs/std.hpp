// What inference needs to know of the C++ library: which types its templates hand on. Never shown as a place.
namespace std {
class string {
public:
  string &append(const string &s);
  string &assign(const string &s);
  string &operator+=(const string &s);
  string &operator=(const string &s);
  string substr(int pos, int count) const;
  string &replace(int pos, int count, const string &s);
  string &insert(int pos, const string &s);
  string &erase(int pos, int count);
};
typedef string wstring;
typedef string u8string;
typedef string u16string;
typedef string u32string;
class string_view {
public:
  string_view substr(int pos, int count) const;
};
template <class T> class basic_string : public string {};

template <class A, class B> struct pair {
  A first;
  B second;
};
template <class A, class B> pair<A, B> make_pair(A a, B b);
template <class... T> class tuple {};

template <class T> class unique_ptr {
public:
  unique_ptr(T *p);
  T *get() const;
  T *release();
  void reset(T *p);
  T &operator*() const;
  T *operator->() const;
  T &operator[](int i) const;
};
template <class T> class shared_ptr {
public:
  shared_ptr(T *p);
  T *get() const;
  void reset(T *p);
  T &operator*() const;
  T *operator->() const;
  T &operator[](int i) const;
};
template <class T> class weak_ptr {
public:
  shared_ptr<T> lock() const;
};
template <class T> class auto_ptr {
public:
  T *get() const;
  T *release();
  T &operator*() const;
  T *operator->() const;
};
template <class T> unique_ptr<T> make_unique();
template <class T> shared_ptr<T> make_shared();
template <class T> class optional {
public:
  T &value();
  T value_or(T other) const;
  T &operator*();
  T *operator->();
};
template <class T> class reference_wrapper {
public:
  T &get() const;
};
template <class T> class atomic {
public:
  T load() const;
  T exchange(T value);
};
template <class T> class function {};
template <class T> class future {
public:
  T get();
};
template <class T> class promise {
public:
  future<T> get_future();
};

template <class T> class iterator {
public:
  T &operator*() const;
  T *operator->() const;
  T &operator[](int i) const;
  iterator<T> &operator++();
};

template <class T> class vector {
public:
  typedef iterator<T> iterator;
  typedef std::iterator<T> const_iterator;
  typedef T value_type;
  T &operator[](int i);
  T &at(int i);
  T &front();
  T &back();
  T *data();
  T &emplace_back();
  std::iterator<T> begin();
  std::iterator<T> end();
  std::iterator<T> rbegin();
  std::iterator<T> rend();
  std::iterator<T> cbegin();
  std::iterator<T> cend();
  std::iterator<T> erase(std::iterator<T> at);
  std::iterator<T> insert(std::iterator<T> at, T value);
};
template <class T> class deque : public vector<T> {};
template <class T> class list : public vector<T> {};
template <class T> class forward_list : public vector<T> {};
template <class T> class initializer_list : public vector<T> {};
template <class T> class span : public vector<T> {};
template <class T, int N> class array : public vector<T> {};
template <class T> class valarray : public vector<T> {};
template <class T> class queue {
public:
  T &front();
  T &back();
  T &top();
};
template <class T> class stack : public queue<T> {};
template <class T> class priority_queue : public queue<T> {};
template <class T> class set {
public:
  typedef std::iterator<T> iterator;
  typedef std::iterator<T> const_iterator;
  std::iterator<T> begin();
  std::iterator<T> end();
  std::iterator<T> rbegin();
  std::iterator<T> cbegin();
  std::iterator<T> find(const T &value);
  std::iterator<T> lower_bound(const T &value);
  std::iterator<T> upper_bound(const T &value);
  std::iterator<T> erase(std::iterator<T> at);
  pair<std::iterator<T>, bool> insert(const T &value);
  pair<std::iterator<T>, bool> emplace(const T &value);
};
template <class T> class multiset : public set<T> {};
template <class T> class unordered_set : public set<T> {};
template <class T> class unordered_multiset : public set<T> {};
template <class K, class V> class map {
public:
  typedef std::iterator<pair<K, V>> iterator;
  typedef std::iterator<pair<K, V>> const_iterator;
  typedef std::iterator<pair<K, V>> reverse_iterator;
  typedef pair<K, V> value_type;
  typedef K key_type;
  typedef V mapped_type;
  V &operator[](const K &key);
  V &at(const K &key);
  std::iterator<pair<K, V>> begin();
  std::iterator<pair<K, V>> end();
  std::iterator<pair<K, V>> rbegin();
  std::iterator<pair<K, V>> rend();
  std::iterator<pair<K, V>> cbegin();
  std::iterator<pair<K, V>> cend();
  std::iterator<pair<K, V>> find(const K &key);
  std::iterator<pair<K, V>> lower_bound(const K &key);
  std::iterator<pair<K, V>> upper_bound(const K &key);
  std::iterator<pair<K, V>> erase(std::iterator<pair<K, V>> at);
  pair<std::iterator<pair<K, V>>, bool> insert(const pair<K, V> &value);
  pair<std::iterator<pair<K, V>>, bool> emplace(const K &key, const V &value);
};
template <class K, class V> class multimap : public map<K, V> {};
template <class K, class V> class unordered_map : public map<K, V> {};
template <class K, class V> class unordered_multimap : public map<K, V> {};

class mutex {};
class recursive_mutex {};
template <class T> class lock_guard {};
template <class T> class unique_lock {};
class thread {};
class exception {};
class ostream {};
class istream {};
class stringstream {};

template <class T> T &move(T &value);
template <class T> T &forward(T &value);
template <class T> T max(T a, T b);
template <class T> T min(T a, T b);
template <class T> T *addressof(T &value);
template <class T> reference_wrapper<T> ref(T &value);
template <class T> T exchange(T &value, T other);
}
