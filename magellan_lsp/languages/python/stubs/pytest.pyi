# What pytest gives of the types that it is handed.
class ExceptionInfo[E]:
    value: E
    type: type[E]

class RaisesContext[E]:
    def __enter__(self) -> ExceptionInfo[E]: ...

def raises[E](expected_exception: type[E]) -> RaisesContext[E]: ...
