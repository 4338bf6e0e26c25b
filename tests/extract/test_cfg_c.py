"""Control flow of C and C++, by hand."""

from support.flow import check


def test_a_counting_loop_updates_before_its_next_test():
    check(
        "c",
        """
        void f() {
            for (i = 0; i < 3; i++) { if (a) continue; g(); }
        }
        """,
        """
        entry> i = 0
        i = 0> i < 3
        i < 3 true> a
        i < 3 false> exit
        a true> continue
        a false> g()
        continue continue> i++
        g()> i++
        i++ back> i < 3
        """,
    )


def test_do_while_tests_behind_its_body():
    check(
        "c",
        "void f() { do { a(); if (b) break; } while (c); d(); }",
        """
        entry> b
        b true> break
        b false> c
        break break> d()
        c true> b back
        c false> d()
        d()> exit
        """,
    )


def test_do_while_zero_runs_once():
    check("c", "void f() { do { a(); } while (0); }", "entry> do { a()\ndo { a()> 0\n0 false> exit")


def test_cases_fall_into_each_other_and_share_bodies():
    check(
        "c",
        """
        void f(int k) {
            switch (k) {
            case 1:
            case 2: a(); break;
            case 3: b();
            default: c();
            }
            d();
        }
        """,
        """
        entry> k
        k case> a(); break (1)
        k case> a(); break (2)
        k case> b() (3)
        k default> c()
        a(); break break> d()
        b()> c()
        c()> d()
        d()> exit
        """,
    )


def test_a_switch_without_default_may_do_nothing():
    check(
        "c",
        "void f(int k) { switch (k) { case 1: a(); } }",
        "entry> k\nk case> a() (1)\nk default> exit\na()> exit",
    )


def test_cases_inside_a_loop_inside_a_switch():
    check(
        "c",
        """
        void f(int n) {
            switch (n) {
            case 0: do { a();
            case 1: b();
                } while (c);
            }
        }
        """,
        """
        entry> n
        n case> do { a() (0)
        n case> b() (1)
        n default> exit
        do { a()> b()
        b()> c
        c true> do { a() back
        c false> exit
        """,
    )


def test_goto_leads_forward_and_back():
    check(
        "c",
        """
        int f() {
        again:
            if (a) goto out;
            if (b) goto again;
            c();
        out:
            return 1;
        }
        """,
        """
        entry> a
        a true> goto out
        a false> b
        b true> goto again
        b false> c()
        goto out goto> out:
        goto again goto> a
        c()> out:
        out: return> exit
        """,
    )


def test_a_call_of_exit_does_not_return():
    check(
        "c",
        "void f() { if (a) exit(1); b(); }",
        "entry> a\na true> exit(1)\na false> b()\nexit(1) exit> exit\nb()> exit",
    )


def test_cpp_handlers_with_catch_all():
    check(
        "cpp",
        """
        void f() {
            try { a(); } catch (const E& e) { b(); throw; } catch (...) { c(); }
            for (auto x : xs) { if (x and y) break; }
        }
        """,
        """
        entry> a()
        a() exception> catch (const E& e)
        a()> auto x : xs
        catch (const E& e) true> b(); throw
        catch (const E& e) false> catch (...) { c()
        b(); throw exception> exit
        catch (...) { c()> auto x : xs
        auto x : xs true> x
        auto x : xs false> exit
        x true> y
        x false> auto x : xs back
        y true> break
        y false> auto x : xs back
        break break> exit
        """,
    )


def test_cpp_methods_lambdas_and_coroutines_have_graphs():
    check(
        "cpp",
        "int A::f(int a) { auto g = [&](int z) { return z; }; co_return 1; }",
        "entry> auto g = [&](int z) { return z; }; co_return 1\n"
        "auto g = [&](int z) { return z; }; co_return 1 return> exit",
        name="A::f",
    )
