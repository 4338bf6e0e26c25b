"""Control flow of Java, by hand."""

from support.flow import check


def method(body: str) -> str:
    return "class A { int f(int a) { " + body + " } }"


def test_old_cases_fall_and_arrows_do_not():
    check(
        "java",
        method(
            "switch (k) { case 1: case 2: a(); default: b(); } switch (k) { case 1, 2 -> c(); case 3 -> d(); }"
        ),
        """
        entry> k
        k case> a() (1)
        k case> a() (2)
        k default> b()
        a()> b()
        b()> k
        k case> c() (1, 2)
        k case> d() (3)
        k default> exit
        c()> exit
        d()> exit
        """,
    )


def test_a_switch_for_its_value_yields():
    check(
        "java",
        method("return switch (k) { case 1 -> 5; default -> { if (x) yield 6; throw new E(); } };"),
        """
        entry> k
        k case> 5 (1)
        k default> x
        x true> yield 6
        x false> throw new E()
        5> return switch (k) { case 1 -> 5; default -> { if (x) yield 6; throw new E(); } }
        yield 6 break> return switch (k) { case 1 -> 5; default -> { if (x) yield 6; throw new E(); } }
        throw new E() exception> exit
        return switch (k) { case 1 -> 5; default -> { if (x) yield 6; throw new E(); } } return> exit
        """,
    )


def test_resources_are_closed_before_handlers_run():
    check(
        "java",
        method("try (R r = n()) { t(); } catch (E e) { c(); } finally { d(); }"),
        """
        entry> (R r = n())
        (R r = n())> t()
        (R r = n()) exception> catch (E e)
        t()> <with_exit>
        t() exception> <with_exit>
        <with_exit>> finally { d()
        <with_exit> finally> catch (E e)
        catch (E e) true> c()
        catch (E e) exception> finally { d()
        c()> finally { d()
        c() exception> finally { d()
        finally { d()> exit
        finally { d() finally> exit
        """,
    )


def test_a_choice_at_the_end_of_finally_keeps_its_kinds():
    check(
        "java",
        method("try { return g(); } finally { if (x) h(); }"),
        """
        entry> return g()
        return g() return> x
        return g() exception> x
        x true> h()
        x false> <finally>
        h()> <finally>
        <finally> finally> exit
        """,
    )


def test_labels_name_loops_and_blocks():
    check(
        "java",
        method(
            "o: while (c) { for (String s : ss) { if (s) continue o; break o; } } b: { if (x) break b; y(); }"
        ),
        """
        entry> c
        c true> s : ss
        c false> x
        s : ss true> s
        s : ss false> c back
        s true> continue o
        s false> break o
        continue o continue> c back
        break o break> x
        x true> break b
        x false> y()
        break b break> exit
        y()> exit
        """,
    )
