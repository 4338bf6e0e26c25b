"""Control flow of Go, by hand."""

from support.flow import check


def test_deferred_calls_run_behind_the_ways_out_that_may_follow_them():
    check(
        "go",
        """
        package p
        func f() {
            if a { return }
            defer b()
            if c { defer d() }
            e()
        }
        """,
        """
        entry> a
        a true> return
        a false> c
        return return> exit
        c true> defer d()
        c false> e()
        defer d()> e()
        e()> d()
        e()> b()
        d() defer> b()
        b() defer> exit
        """,
    )


def test_a_panic_runs_what_was_deferred_and_exit_does_not():
    check(
        "go",
        """
        package p
        func f() {
            defer a()
            if b { panic("x") }
            os.Exit(1)
        }
        """,
        """
        entry> b
        b true> panic("x")
        b false> os.Exit(1)
        panic("x") exception> a()
        os.Exit(1) exit> exit
        a() defer> exit
        """,
    )


def test_cases_do_not_fall_through_unless_they_say_so():
    check(
        "go",
        """
        package p
        func f() {
            switch x {
            case 1: a(); fallthrough
            case 2, 3: b()
            default: c()
            }
        }
        """,
        """
        entry> x
        x case> a(); fallthrough (1)
        x case> b() (2, 3)
        x default> c()
        a(); fallthrough> b()
        b()> exit
        c()> exit
        """,
    )


def test_a_switch_without_a_value_tries_conditions_in_order():
    check(
        "go",
        """
        package p
        func f() {
            switch {
            default: a()
            case b && c: d()
            case e, g: h()
            }
        }
        """,
        """
        entry> b
        b true> c
        b false> e
        c true> d()
        c false> e
        e true> h()
        e false> g
        g true> h()
        g false> default: a()
        d()> exit
        h()> exit
        default: a()> exit
        """,
    )


def test_select_waits_for_one_of_its_branches():
    check(
        "go",
        "package p\nfunc f() { select { case x := <-c: a(); case c <- y: b() } }",
        """
        entry> select
        select case> x := <-c: a() (x := <-c)
        select case> c <- y: b() (c <- y)
        x := <-c: a()> exit
        c <- y: b()> exit
        """,
    )


def test_an_empty_select_blocks_for_ever():
    check("go", "package p\nfunc f() { select {} }", "entry> select", unreachable="exit")


def test_loops_of_all_kinds_and_labels():
    check(
        "go",
        """
        package p
        func f() {
        L:
            for i := range xs {
                for a {
                    if b { continue L }
                    break
                }
                for { break L }
            }
        }
        """,
        """
        entry> i := range xs
        i := range xs true> a
        i := range xs false> exit
        a true> b
        a false> for { break L
        b true> continue L
        b false> break
        continue L continue> i := range xs back
        break break> for { break L
        for { break L break> exit
        """,
    )
