// The part of java.lang.annotation that navigation needs to follow. Never shown as places.
package java.lang.annotation;

public interface Annotation { Class<? extends Annotation> annotationType(); }
