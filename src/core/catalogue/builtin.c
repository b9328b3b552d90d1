/* Owns: the built-in catalogue: the image and the document as the builder wrote them, in read-only pages, and the structs that
 * name them.
 * Callers: whoever needs a catalogue and was given none. Nothing runs at start-up. */
#include <stddef.h>

#include "ehlo/core/catalogue.h"

/* The size and the version are known to the assembler only, so it lays out the struct: bytes 16 to 23 of the image
 * are the version. */
_Static_assert(offsetof(struct ehlo_catalogue, image) == 0 && offsetof(struct ehlo_slice, ptr) == 0, "layout");
_Static_assert(offsetof(struct ehlo_slice, len) == 8 && offsetof(struct ehlo_catalogue, version) == 16, "layout");
_Static_assert(sizeof(struct ehlo_catalogue) == 40, "layout");

__asm__(".section .rodata, \"a\"\n"
        ".balign 16\n"
        "ehlo_catalogue_image_start:\n"
        ".incbin \"" EHLO_CATALOGUE_IMAGE "\"\n"
        "ehlo_catalogue_image_end:\n"
        ".byte 0\n"
        "ehlo_catalogue_document_start:\n"
        ".incbin \"" EHLO_CATALOGUE_DOCUMENT "\"\n"
        "ehlo_catalogue_document_end:\n"
        ".byte 0\n"
        ".section .data.rel.ro, \"aw\"\n"
        ".balign 8\n"
        ".globl ehlo_catalogue_standard\n"
        ".hidden ehlo_catalogue_standard\n"
        ".type ehlo_catalogue_standard, @object\n"
        ".size ehlo_catalogue_standard, 40\n"
        "ehlo_catalogue_standard:\n"
        ".quad ehlo_catalogue_image_start\n"
        ".quad ehlo_catalogue_image_end - ehlo_catalogue_image_start\n"
        ".incbin \"" EHLO_CATALOGUE_IMAGE "\", 16, 8\n"
        ".quad 0, 0\n"
        ".globl ehlo_catalogue_standard_document\n"
        ".hidden ehlo_catalogue_standard_document\n"
        ".type ehlo_catalogue_standard_document, @object\n"
        ".size ehlo_catalogue_standard_document, 16\n"
        "ehlo_catalogue_standard_document:\n"
        ".quad ehlo_catalogue_document_start\n"
        ".quad ehlo_catalogue_document_end - ehlo_catalogue_document_start\n"
        ".text\n");

extern const struct ehlo_catalogue ehlo_catalogue_standard;
extern const struct ehlo_slice ehlo_catalogue_standard_document;

const struct ehlo_catalogue *ehlo_catalogue_builtin(void) {
  return &ehlo_catalogue_standard;
}

struct ehlo_slice ehlo_catalogue_builtin_document(void) {
  return ehlo_catalogue_standard_document;
}
